/// The life of a token, from login to login. Pure: time and chance come in, what to do comes out.
///
/// Vault's own rules (LifetimeWatcher of its client): a grace of 10 to 20 % of the lease; renewal after ⅔ of what
/// remains plus ⅓ of the grace; a new login when no more than the grace remains, or when renewal is denied.
///
/// | lease 3600 s, random 0 (grace 360 s) | |
/// |---|---|
/// | login at 0 s | renew at once, so that trouble shows early |
/// | renewed at 0 s for 3600 s | renew at 2520 s |
/// | not renewed | log in at 3240 s |
/// | renewed at 2520 s for 300 s (the maximum is near) | log in at once: 300 s are within the grace |
struct TokenLifetime: Equatable {
    enum State: Equatable {
        /// `failures` in a row, and no attempt before that time.
        case loggedOut(failures: Int, notBefore: Duration)
        /// A token that does not expire, or whose lifetime cannot be known.
        case permanent
        case leased(Lease)
    }

    struct Lease: Equatable {
        var expiresAt: Duration
        /// Of the longest lease this token had: one that shrinks near its maximum must not be renewed for ever.
        var grace: Duration
        var longest: Duration
        /// Nil for a token that cannot be renewed.
        var renewAt: Duration?
        /// A token that was never renewed with success may simply not be allowed to.
        var wasRenewed = false
    }

    enum Action: Equatable {
        case logIn
        case renew
        /// Nothing to do before that time; nil for never.
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

    /// The server said no. The first time it only means that this token cannot be renewed; later, that it is over.
    mutating func renewalDenied(at now: Duration) {
        guard case .leased(var lease) = state else { return }
        if lease.wasRenewed {
            state = .loggedOut(failures: 0, notBefore: now)
        } else {
            lease.renewAt = nil
            state = .leased(lease)
        }
    }

    /// No answer: tried again as if it had just been renewed for what remains.
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

    /// ⅔ of what remains and ⅓ of the grace.
    static func untilRenewal(remaining: Duration, grace: Duration) -> Duration {
        (remaining * 2 + grace) / 3
    }

    /// The wait after so many failed logins in a row, half of it random.
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
