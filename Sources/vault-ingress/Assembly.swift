internal import Controller
internal import Foundation
internal import HTTPClient
internal import Kubernetes
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing
internal import ServiceLifecycle
internal import UnixSignals
internal import Vault

/// Builds the controller from its settings and runs it as one service group.
struct Assembly {
    private let settings: RunSettings
    private let environment: [String: String]
    private let logger = Logger(label: "vault-ingress")

    init(_ settings: RunSettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// Returns after a graceful shutdown.
    ///
    /// - Throws: in one line, what stands in the way of starting or of going on.
    func run() async throws {
        let state = StateDirectory(settings.stateFolder)
        let binary = try await NginxBinary.find(settings.nginx, searchPath: environment["PATH"] ?? "/usr/sbin:/usr/bin")
        let templates = try TemplateDirectory.load(settings.templateFolder)
        let store = GenerationStore(state: state)
        try await store.prepare(temporaryFolder: settings.temporaryFolder)
        let certificateStore = CertificateStore(
            folder: try await store.certificateFolder(), isRead: settings.vault.connection != nil, logger: logger)
        let nginxSettings = settings.nginxSettings(binary.version)
        try await TemplateCheck.run(templates, settings: nginxSettings, binary: binary, state: state, store: store)
        let audit = try AuditLog(settings.auditLog, logger: logger)

        let http = HTTPClient()
        defer { http.shutdown() }
        let cache = ObjectCache()
        let source = try await source(cache, http, hasGeneration: await store.current() != nil)
        let master = NginxMaster(binary: binary, state: state, logger: logger)
        let reloader = Reloader(
            binary: binary, state: state, store: store, master: master, timeout: settings.reloadTimeout,
            logger: logger, probe: GenerationProbe.make(state: state, http: http))
        let controllerState = ControllerState(cache: cache, master: master)
        let loop = ControlLoop(
            ControlLoop.Parts(
                cache: cache, router: Router(options: settings.routingOptions), wishes: wishes,
                certificates: certificateStore,
                renderer: ConfigurationRenderer(templates: templates, settings: nginxSettings), store: store,
                reloader: reloader, audit: audit, state: controllerState),
            interval: settings.reloadInterval, pod: environment["POD_NAME"] ?? ProcessInfo.processInfo.hostName,
            logger: logger, now: { Date() })
        logger.info(
            "starting", metadata: ["nginx": "\(binary.path)", "version": "\(binary.version)", "state": "\(state.root)"])

        var services: [any ServiceLifecycle.Service] = [source]
        if let (configuration, login) = settings.vault.connection {
            let vault = try VaultClient(configuration: configuration, login: login, transport: http, logger: logger)
            let reader = CertificateReader(vault: vault, pki: settings.vault.pki)
            services +=
                [
                    vault,
                    CertificateRefresher(store: certificateStore, reader: reader, interval: settings.vault.refresh),
                ] as [any ServiceLifecycle.Service]
        }
        // Shut down from the last to the first: drain, stop reloading, let nginx finish, and be asked about it till then.
        services +=
            [
                AdminServer(address: settings.adminAddress, state: controllerState), master, loop,
                Drain(state: controllerState, delay: settings.shutdownDelay, logger: logger),
            ] as [any ServiceLifecycle.Service]
        let group = ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        try await group.run()
        logger.info("ended")
    }

    private var wishes: CertificateWishes {
        CertificateWishes(
            template: settings.vault.path, defaultPath: settings.defaultCertificate,
            startupWait: settings.vault.connection == nil ? .zero : settings.vault.startupWait)
    }

    /// The group's own messages repeat ours.
    private var quiet: Logger {
        var logger = Logger(label: "services")
        logger.logLevel = max(settings.logLevel, .critical)
        return logger
    }

    /// - Parameter hasGeneration: whether there is something to serve while the API server cannot be reached.
    private func source(
        _ cache: ObjectCache, _ http: HTTPClient, hasGeneration: Bool
    ) async throws -> any ServiceLifecycle.Service {
        let credentials: ClusterCredentials
        switch settings.source {
        case .manifests(let folder):
            return try ManifestSource(directory: folder, cache: cache, logger: logger)
        case .kubeconfig(let file):
            credentials = try ClusterCredentials.kubeconfig(file: file, environment: environment)
        case .inCluster:
            credentials = try ClusterCredentials.inCluster(environment: environment)
        }
        let client = KubernetesClient(credentials: credentials, http: http, logger: logger)
        do {
            let version = try await client.checkVersion()
            logger.info("API server reached", metadata: ["server": "\(client.server)", "version": "\(version)"])
        } catch {
            guard hasGeneration else { throw error }
            logger.warning("serving what was live last until the API server answers", metadata: ["error": "\(error)"])
        }
        return ClusterSource(client: client, namespace: settings.namespace, cache: cache, logger: logger)
    }
}
