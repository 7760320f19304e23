internal import Basics
import HTTPClient
import Logging

/// Owns the token: logs in, renews the token, and replaces it.
actor TokenSession {
    struct Token: Sendable {
        let secret: Secret
        /// Counts logins. Readers report the generation that was denied, so that many denied reads cause one login.
        let generation: Int
    }

    /// The time without new logins after a login that did not help against a 403. Otherwise, a path that no policy
    /// allows would cause a login for every read.
    private static let futileLoginPause = Duration.seconds(60)
    private static let fileCheckInterval = Duration.seconds(1)

    private let method: LoginMethod
    private let connection: VaultConnection
    private let timing: VaultTiming
    private let logger: Logger
    /// Serializes logins.
    private let loginSlot = ConcurrencyLimit(1)

    private var token: Token?
    private var lifetime = TokenLifetime()
    /// The number of completed logins, successful or not.
    private var attempts = 0
    /// The error of the last login, if it failed.
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

    /// The current token; logs in first if there is none.
    func current() async throws(VaultError) -> Token {
        guard let token else { return try await logIn(replacing: nil) }
        if fileHasChanged(since: token) { return try await logIn(replacing: token) }
        return token
    }

    /// A new token for a reader whose request was denied with `old`; nil if a login cannot help.
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

    /// The request was denied with the new token too.
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
        // The current token stays in use while the file is missing or incomplete.
        guard let content = try? LocalFile.secret(file) else { return false }
        return content != token.secret
    }

    private func logIn(replacing old: Token?) async throws(VaultError) -> Token {
        let attemptsBefore = attempts
        try await loginSlot.enter()
        defer { loginSlot.leave() }
        // Another login may have changed the state in the meantime.
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
                // A denied read caused this login. The current token may be valid for other paths and is kept.
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
            "auth_method": "\(method.name)", "lease_seconds": "\(login.duration.components.seconds)",
            "renewable": "\(login.isRenewable)",
        ]
        if failure != nil || token.generation == 1 {
            logger.info("logged in to Vault", metadata: metadata)
        } else {
            logger.debug("logged in to Vault again", metadata: metadata)
        }
        if !login.isLifetimeKnown {
            // Denied by policy, or the token is invalid.
            logger.warning("Vault token lifetime unknown, token not renewed", metadata: metadata)
        }
        failure = nil
        wake()
        return token
    }

    /// Logs the first failure as an error, and failures in a row at debug level.
    private func report(_ error: VaultError) {
        let metadata: Logger.Metadata = ["auth_method": "\(method.name)", "error": "\(error)"]
        if failure == nil {
            logger.error("cannot log in to Vault", metadata: metadata)
        } else {
            logger.debug("cannot log in to Vault, as before", metadata: metadata)
        }
    }

    private func renew() async {
        guard let token else { return }
        do throws(VaultError) {
            let request = try VaultRequest.post("auth/token/renew-self", [:])
            // Without retries, which would use up the remaining time: the lifetime schedules the next attempt.
            let response = try await connection.send(request, token: token.secret, retries: 0)
            guard self.token?.generation == token.generation else { return }
            // 400: "lease is not renewable"; 403: the token has expired, or no policy allows it; 500: "past the max
            // TTL, cannot renew".
            let isOver = VaultError.Body(response).detail.contains("cannot renew")
            if (400..<405).contains(response.status) || isOver {
                logger.warning("Vault token renewal denied", metadata: ["status": "\(response.status)"])
                lifetime.renewalDenied(at: timing.now())
                return
            }
            let answer = try AuthAnswer.login(response, path: request.path)
            lifetime.renewed(for: answer.duration, at: timing.now(), random: timing.random())
        } catch {
            guard self.token?.generation == token.generation else { return }
            if case .cancelled = error { return }
            logger.warning("cannot renew Vault token", metadata: ["error": "\(error)"])
            lifetime.renewalFailed(at: timing.now())
        }
    }

    /// Revokes the token at shutdown if a login of this session created it. A token of the operator is not touched. An
    /// unavailable Vault delays the shutdown by at most two seconds; the token then lives until its TTL ends.
    func revoke() async {
        guard let token, method.createsTokens else { return }
        self.token = nil
        do throws(VaultError) {
            let request = try VaultRequest.post("auth/token/revoke-self", [:])
            let response = try await connection.send(request, token: token.secret, retries: 0, timeout: .seconds(2))
            guard response.status < 300 else {
                return logger.warning("Vault token not revoked", metadata: ["status": "\(response.status)"])
            }
            logger.debug("Vault token revoked")
        } catch {
            logger.warning("Vault token not revoked", metadata: ["error": "\(error)"])
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

    /// Makes `run` compute its next action, after a login by a reader.
    private func wake() {
        sleeper?.cancel()
    }
}
