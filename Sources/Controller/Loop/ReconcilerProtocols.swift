internal import Nginx
internal import NginxConfig
internal import Routing

/// Applies configurations to nginx.
protocol ConfigurationReloader: Sendable {
    /// Serves what an earlier run left. Returns the generation that is live; nil if there is none.
    func resume() async -> Generation?
    /// Tests a configuration that is not to be served. Returns nginx's message if it rejects it.
    func dryRun(_ rendered: RenderedConfiguration) async -> String?
    func apply(_ rendered: RenderedConfiguration) async -> ReloadAttempt
}

extension Reloader: ConfigurationReloader {}

/// Keeps the generations.
protocol ConfigurationStore: Sendable {
    func current() async -> Generation?
    func rendered(_ generation: Generation) async throws(FileError) -> RenderedConfiguration
    func convert() async throws(FileError)
    func referencedCertificates() async throws(FileError) -> Set<ContentAddress>
    func referencedHtpasswdFiles() async throws(FileError) -> Set<VaultPath>
}

extension GenerationStore: ConfigurationStore {}

/// Supplies certificates and htpasswd files.
protocol SecretSource: Sendable {
    /// Starts with the files that an earlier run used.
    func resume(_ configuration: Configuration) async
    /// Replaces what is wanted by what the table needs.
    func want(_ table: RoutingTable) async
    /// Whether each wanted secret is there, or was looked up once.
    var isAnswered: Bool { get async }
    var current: SecretSnapshot { get async }
    /// Removes the files that are neither wanted nor referenced.
    func cleanup(certificates: Set<ContentAddress>, htpasswdFiles: Set<VaultPath>) async
}

/// The secrets at one moment.
public struct SecretSnapshot: Sendable {
    public var certificates: [CertificateReport]
    public var htpasswdFiles: [HtpasswdReport]
}
