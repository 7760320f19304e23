import HTTPClient
public import Logging
public import ServiceLifecycle

/// A client of Vault or OpenBao. It logs in, renews its token while `run` runs, and reads secrets.
///
/// It can be used concurrently. The configuration limits the concurrent requests.
public final class VaultClient: Sendable, Service {
    /// The certificates of the PKI engine that are issued at a time.
    public static let maximumIssues = 4

    let configuration: VaultConfiguration
    let timing: VaultTiming
    let mounts = KVMounts()
    /// Limits the certificates that are issued at a time.
    let issues = ConcurrencyLimit(maximumIssues)
    private let connection: VaultConnection
    private let session: TokenSession

    /// - Throws: if the files of the client certificate or its key cannot be read.
    public convenience init(
        configuration: VaultConfiguration, login: LoginMethod, transport: any VaultTransport, logger: Logger
    ) throws(VaultConfigurationError) {
        try self.init(
            configuration: configuration, login: login, transport: transport, timing: .system, logger: logger)
    }

    init(
        configuration: VaultConfiguration, login: LoginMethod, transport: any VaultTransport, timing: VaultTiming,
        logger: Logger
    ) throws(VaultConfigurationError) {
        self.configuration = configuration
        self.timing = timing
        connection = try VaultConnection(configuration: configuration, transport: transport, timing: timing)
        session = TokenSession(method: login, connection: connection, timing: timing, logger: logger)
    }

    /// Renews and replaces the token until graceful shutdown or cancellation, then revokes it. Without this method, reads
    /// work until the token expires.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await self.session.run()
        }
        await session.revoke()
    }

    /// Logs in if there is no token: detects a wrong configuration at startup.
    public func logIn() async throws(VaultError) {
        _ = try await session.current()
    }

    /// Sends a request with the token and returns the response, whatever its status. After a 403, logs in and retries
    /// once.
    func call(_ request: VaultRequest) async throws(VaultError) -> HTTPResponse {
        let token = try await session.current()
        let response = try await connection.send(request, token: token.secret)
        guard response.status == 403, let fresh = try await session.replacement(for: token) else { return response }
        let second = try await connection.send(request, token: fresh.secret)
        if second.status == 403 { await session.replacementWasFutile() }
        return second
    }

    /// Sends a request that the policy may deny: a 403 does not cause a login.
    func tryCall(_ request: VaultRequest) async throws(VaultError) -> (response: HTTPResponse, generation: Int) {
        let token = try await session.current()
        return (try await connection.send(request, token: token.secret), token.generation)
    }

    /// The generation of the current token.
    func generation() async throws(VaultError) -> Int {
        try await session.current().generation
    }
}
