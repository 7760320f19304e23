import HTTPClient
public import Logging
public import ServiceLifecycle

/// A client of Vault, or of OpenBao: it logs in by itself, keeps its token alive while `run()` runs, and reads secrets.
///
/// For any number of callers at once; what is under way at Vault is bounded by the configuration.
public final class VaultClient: Sendable, Service {
    let configuration: VaultConfiguration
    let timing: VaultTiming
    let mounts = KVMounts()
    private let connection: VaultConnection
    private let session: TokenSession

    /// - Throws: where the client's certificate or key file cannot be read.
    public init(
        configuration: VaultConfiguration, login: LoginMethod, transport: any VaultTransport,
        timing: VaultTiming = .system, logger: Logger
    ) throws(VaultConfigurationError) {
        self.configuration = configuration
        self.timing = timing
        connection = try VaultConnection(configuration: configuration, transport: transport, timing: timing)
        session = TokenSession(method: login, connection: connection, timing: timing, logger: logger)
    }

    /// Renews the token and logs in again in time, until cancelled or shut down. Reading works without it, as long as
    /// the token lasts.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await self.session.run()
        }
    }

    /// Logs in now, if nobody has: to find a wrong configuration at start.
    public func logIn() async throws(VaultError) {
        _ = try await session.current()
    }

    /// The answer of any status, with the token. After a 403, logs in again once and asks again.
    func call(_ request: VaultRequest) async throws(VaultError) -> HTTPResponse {
        let token = try await session.current()
        let response = try await connection.send(request, token: token.secret)
        guard response.status == 403, let fresh = try await session.replacement(for: token) else { return response }
        let second = try await connection.send(request, token: fresh.secret)
        if second.status == 403 { await session.replacementWasFutile() }
        return second
    }

    /// As `call`, for what the policy need not allow: a 403 is an answer like others.
    func tryCall(_ request: VaultRequest) async throws(VaultError) -> (response: HTTPResponse, generation: Int) {
        let token = try await session.current()
        return (try await connection.send(request, token: token.secret), token.generation)
    }

    /// The login that a present request would be made with.
    func generation() async throws(VaultError) -> Int {
        try await session.current().generation
    }

    /// Without token and without retries: what the node says of itself right now.
    func probe(_ request: VaultRequest) async throws(VaultError) -> HTTPResponse {
        try await connection.send(request, token: nil, retries: 0)
    }
}
