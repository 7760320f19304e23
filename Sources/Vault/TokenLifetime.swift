/// The state machine of a token between logins. Pure.
///
/// The rules of Vault's own client (LifetimeWatcher): the grace is 10 to 20 % of the lease. The token is renewed after
/// ⅔ of the remaining time plus ⅓ of the grace. A new login is due when only the grace remains, or when renewal is
/// denied.
///
/// | lease 3600 s, random 0 (grace 360 s) | |
/// |---|---|
/// | login at 0 s | renew at once, to detect problems early |
/// | renewed at 0 s for 3600 s | renew at 2520 s |
/// | not renewed | log in at 3240 s |
/// | renewed at 2520 s for 300 s (near the maximum lifetime) | log in at once: 300 s are within the grace |
struct TokenLifetime: Equatable {
    enum State: Equatable {
        /// No login before `notBefore`, after `failures` failed logins in a row.
        case loggedOut(failures: Int, notBefore: Duration)
        /// The token does not expire, or its lifetime is unknown.
        case permanent
        case leased(Lease)
    }

    struct Lease: Equatable {
        var expiresAt: Duration
        /// The grace of `longest`: leases that shrink near the maximum lifetime must not be renewed forever.
        var grace: Duration
        /// The longest lease of this token.
        var longest: Duration
        /// Nil if the token cannot be renewed.
        var renewAt: Duration?
        /// A token that has never been renewed may not have the permission.
        var wasRenewed = false
    }

    enum Action: Equatable {
        case logIn
        case renew
        /// Nothing to do before that time; nil means forever.
        case wait(until: Duration?)
    }

    private(set) var state = State.loggedOut(failures: 0, notBefore: .zero)

    func action(at now: Duration) -> Action {
        switch state {
        case .loggedOut(_, let notBefore):
            return now >= notBefore ? .logIn : .wait(until: notBefore)
        case .permanent:
            return .wait(until: nil)
        case .leased(let lease):
            let logInAt = lease.expiresAt - lease.grace
            if now >= logInAt { return .logIn }
            if let renewAt = lease.renewAt, now >= renewAt { return .renew }
            return .wait(until: min(lease.renewAt ?? logInAt, logInAt))
        }
    }

    func isBackingOff(at now: Duration) -> Bool {
        if case .loggedOut(_, let notBefore) = state { now < notBefore } else { false }
    }

    mutating func loggedIn(for duration: Duration, renewable: Bool, at now: Duration, random: Double) {
        guard duration > .zero else {
            state = .permanent
            return
        }
        state = .leased(
            Lease(
                expiresAt: now + duration, grace: Self.grace(of: duration, random: random), longest: duration,
                renewAt: renewable ? now : nil))
    }

    mutating func renewed(for duration: Duration, at now: Duration, random: Double) {
        guard case .leased(var lease) = state else { return }
        if duration > lease.longest {
            lease.longest = duration
            lease.grace = Self.grace(of: duration, random: random)
        }
        lease.expiresAt = now + duration
        lease.renewAt = now + Self.untilRenewal(remaining: duration, grace: lease.grace)
        lease.wasRenewed = true
        state = .leased(lease)
    }

    /// The server denied a renewal. If the token was never renewed, it is not renewable; else a new login is due.
    mutating func renewalDenied(at now: Duration) {
        guard case .leased(var lease) = state else { return }
        if lease.wasRenewed {
            state = .loggedOut(failures: 0, notBefore: now)
        } else {
            lease.renewAt = nil
            state = .leased(lease)
        }
    }

    /// A renewal got no response. The next attempt is due as if the token had been renewed for the remaining time.
    mutating func renewalFailed(at now: Duration) {
        guard case .leased(var lease) = state else { return }
        lease.renewAt = now + Self.untilRenewal(remaining: lease.expiresAt - now, grace: lease.grace)
        state = .leased(lease)
    }

    mutating func loginFailed(at now: Duration, random: Double) {
        var failures = 1
        if case .loggedOut(let before, _) = state { failures = before + 1 }
        state = .loggedOut(failures: failures, notBefore: now + Self.loginBackoff(failures: failures, random: random))
    }

    /// 10 to 20 % of the lease.
    static func grace(of duration: Duration, random: Double) -> Duration {
        duration * (0.1 + 0.1 * random)
    }

    /// ⅔ of the remaining time plus ⅓ of the grace.
    static func untilRenewal(remaining: Duration, grace: Duration) -> Duration {
        (remaining * 2 + grace) / 3
    }

    /// The wait after failed logins in a row, half of it random.
    ///
    /// | failures | wait |
    /// |---|---|
    /// | 1 | 0.5 … 1 s |
    /// | 2 | 1 … 2 s |
    /// | 3 | 2 … 4 s |
    /// | 6 and more | 15 … 30 s |
    static func loginBackoff(failures: Int, random: Double) -> Duration {
        let longest = min(30, Double(1 << min(max(failures, 1) - 1, 5)))
        return .seconds(longest * (0.5 + random / 2))
    }
}
