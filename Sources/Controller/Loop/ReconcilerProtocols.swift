internal import Nginx
internal import NginxConfig
internal import Routing

/// Applies configurations to nginx.
protocol ConfigurationReloader: Sendable {
    /// Serves the generation of an earlier run. Returns the generation that is live; nil if there is none.
    func resume() async -> Generation?
    /// Tests a configuration that is not to be served. Returns nginx's message if it rejects it.
    func dryRun(_ rendered: RenderedConfiguration) async -> String?
    func apply(_ rendered: RenderedConfiguration) async -> ReloadAttempt
    /// Replaces certificates without a reload, by the name of the host. Returns why some were not replaced.
    func rotate(_ certificates: [String: ServedCertificate]) async -> [String: String]
}

extension Reloader: ConfigurationReloader {}

/// Keeps the generations.
protocol ConfigurationStore: Sendable {
    func current() async -> Generation?
    func rendered(_ generation: Generation) async throws(FileError) -> RenderedConfiguration
    /// The newest that can be read.
    func newestConfiguration() async -> Configuration?
    func convert() async throws(FileError)
    /// Records the certificates that the live generation serves now.
    func record(_ certificates: CertificateSet) async throws(FileError)
    /// Removes the links of other hosts.
    func removeLinks(except names: Set<String>) async
    func servedSecrets() async throws(FileError) -> [ServedSecrets]
    /// Of each generation, newest first, as far as its files can be read.
    func recoverableSecrets() async -> [ServedSecrets]
}

extension GenerationStore: ConfigurationStore {}

/// Supplies certificates and htpasswd files.
protocol SecretSource: Sendable {
    /// Starts with the files of the last run, and those of all generations, newest first.
    func resume(_ served: ServedSecrets, generations: [ServedSecrets]) async
    /// Replaces the wanted secrets by those that the table needs. Those of changed owners are read soon.
    func want(_ table: RoutingTable, changed: Set<OwnerRef>) async
    /// True if each wanted secret has a file, or was read at least once.
    var isAttempted: Bool { get async }
    var isAnswered: Bool { get async }
    var reports: SecretReports { get async }
    /// How often the loop was woken because of a change of the reports; nil if that is not known.
    var updates: Int? { get }
    /// Removes the files that neither these configurations nor the wanted secrets refer to.
    func cleanup(keeping served: [ServedSecrets]) async
}

extension SecretStores: SecretSource {}
