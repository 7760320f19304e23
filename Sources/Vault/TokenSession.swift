internal import Basics
import HTTPClient
import Logging

/// Holds the token: logs in when there is none, keeps it alive, and replaces it.
actor TokenSession {
    struct Token: Sendable {
        let secret: Secret
        /// Counts logins. A reader that was refused says which token it had, so that many of them cause one login.
        let generation: Int
    }

    /// After a login that did not help against a 403, others that are refused do not log in for that long: one path
    /// that no policy allows must not mean a login for every read.
    private static let futileLoginPause = Duration.seconds(60)
    private static let fileCheckInterval = Duration.seconds(1)

    private let method: LoginMethod
    private let connection: VaultConnection
    private let timing: VaultTiming
    private let logger: Logger
    /// One login at a time.
    private let turn = ConcurrencyLimit(1)

    private var token: Token?
    private var lifetime = TokenLifetime()
    /// Logins that ended, with success or without.
    private var attempts = 0
    /// Of the last login, if it failed.
    private var failure: VaultError?
    private var futileLoginAt: Duration?
    private var fileCheckedAt: Duration?
    private var sleeper: Task<Void, Never>?

    init(method: LoginMethod, connection: VaultConnection, timing: VaultTiming, logger: Logger) {
        self.method = method
        self.connection = connection
        self.timing = timing
        self.logger = logger
    }

    /// The present token; logs in first where there is none.
    func current() async throws(VaultError) -> Token {
        guard let token else { return try await logIn(replacing: nil) }
        if fileHasChanged(since: token) { return try await logIn(replacing: token) }
        return token
    }

    /// A new token for a reader who was refused with `old`, or nil where a login cannot help.
    func replacement(for old: Token) async throws(VaultError) -> Token? {
        if let token, token.generation != old.generation { return token }
        switch method {
        case .token: return nil
        case .tokenFile(let file): if try LocalFile.secret(file) == old.secret { return nil }
        case .provided, .kubernetes, .appRole: break
        }
        if let futileLoginAt, timing.now() - futileLoginAt < Self.futileLoginPause { return nil }
        return try await logIn(replacing: old)
    }

    /// The new token was refused as well.
    func replacementWasFutile() {
        futileLoginAt = timing.now()
    }

    /// Renews and logs in until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            switch lifetime.action(at: timing.now()) {
            case .logIn: _ = try? await logIn(replacing: token)
            case .renew: await renew()
            case .wait(let time): await sleep(until: time)
            }
        }
    }

    private func fileHasChanged(since token: Token) -> Bool {
        guard case .tokenFile(let file) = method else { return false }
        let now = timing.now()
        if let fileCheckedAt, now - fileCheckedAt < Self.fileCheckInterval { return false }
        fileCheckedAt = now
        // A file that is gone or half written for a moment is no reason to give up a token that works.
        guard let content = try? LocalFile.secret(file) else { return false }
        return content != token.secret
    }

    private func logIn(replacing old: Token?) async throws(VaultError) -> Token {
        let attemptsBefore = attempts
        try await turn.enter()
        defer { turn.leave() }
        // State may have changed while others had their turn.
        if let token, token.generation != old?.generation { return token }
        let now = timing.now()
        if let failure, attempts != attemptsBefore || lifetime.isBackingOff(at: now) { throw failure }
        do throws(VaultError) {
            return accept(try await method.logIn(connection))
        } catch {
            if case .cancelled = error { throw error }
            attempts += 1
            report(error)
            failure = error
            if lifetime.action(at: now) == .logIn {
                lifetime.loginFailed(at: timing.now(), random: timing.random())
                wake()
            } else {
                // Asked for by a reader only; the present token may be good for others, and is kept alive for them.
                futileLoginAt = timing.now()
            }
            throw error
        }
    }

    private func accept(_ login: Login) -> Token {
        attempts += 1
        let token = Token(secret: login.token, generation: (token?.generation ?? 0) + 1)
        self.token = token
        lifetime.loggedIn(
            for: login.duration, renewable: login.isRenewable, at: timing.now(), random: timing.random())
        let metadata: Logger.Metadata = [
            "method": "\(method.name)", "seconds": "\(login.duration.components.seconds)",
            "renewable": "\(login.isRenewable)",
        ]
        if failure != nil || token.generation == 1 {
            logger.info("logged in to Vault", metadata: metadata)
        } else {
            logger.debug("logged in to Vault again", metadata: metadata)
        }
        if let remark = login.remark { logger.warning("\(remark)", metadata: metadata) }
        failure = nil
        wake()
        return token
    }

    /// One line when it begins, not one for each attempt.
    private func report(_ error: VaultError) {
        let metadata: Logger.Metadata = ["method": "\(method.name)", "error": "\(error)"]
        if failure == nil {
            logger.error("cannot log in to Vault", metadata: metadata)
        } else {
            logger.debug("cannot log in to Vault yet", metadata: metadata)
        }
    }

    private func renew() async {
        guard let token else { return }
        do throws(VaultError) {
            let request = try VaultRequest.post("auth/token/renew-self", [:])
            // Once: retries would eat into what remains, and the lifetime says when to try again.
            let response = try await connection.send(request, token: token.secret, retries: 0)
            guard self.token?.generation == token.generation else { return }
            // 400: "lease is not renewable"; 403: no such token any more, or no policy that allows it; 500: "past the
            // max TTL, cannot renew".
            let isOver = VaultError.Body(response).detail.contains("cannot renew")
            if (400..<405).contains(response.status) || isOver {
                logger.warning("Vault denies the token's renewal", metadata: ["status": "\(response.status)"])
                lifetime.renewalDenied(at: timing.now())
                return
            }
            let answer = try AuthAnswer.login(response, path: request.path)
            lifetime.renewed(for: answer.duration, at: timing.now(), random: timing.random())
        } catch {
            guard self.token?.generation == token.generation else { return }
            if case .cancelled = error { return }
            logger.warning("cannot renew Vault's token", metadata: ["error": "\(error)"])
            lifetime.renewalFailed(at: timing.now())
        }
    }

    private func sleep(until time: Duration?) async {
        let duration = time.map { $0 - timing.now() } ?? .seconds(86_400)
        guard duration > .zero else { return }
        let sleeper = Task { [timing] in
            _ = try? await timing.sleep(duration)
        }
        self.sleeper = sleeper
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        self.sleeper = nil
    }

    /// A login by a reader changes when `run` has something to do.
    private func wake() {
        sleeper?.cancel()
    }
}
