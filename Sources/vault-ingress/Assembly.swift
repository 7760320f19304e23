internal import Audit
internal import Basics
internal import Certificates
internal import Controller
internal import Foundation
internal import Glibc
internal import HTTPClient
internal import Kubernetes
internal import KubernetesAPI
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

    /// Runs the controller until a graceful shutdown.
    ///
    /// - Throws: an error with a description of one line if the controller cannot start or cannot continue.
    func run() async throws {
        // The default action ends the process (signal(7)). There is nothing to reload: every input is watched.
        signal(SIGHUP, SIG_IGN)
        // As early as possible, because the default action ends the process.
        let reopening = await UnixSignalsSequence(trapping: .sigusr1)
        let wakeUp = WakeUpSignal()
        let hostPolicy = try hostPolicy(wakeUp)
        let state = StateDirectory(settings.stateFolder)
        let binary = try await NginxBinary.find(settings.nginx, searchPath: environment["PATH"] ?? "/usr/sbin:/usr/bin")
        let templates = try TemplateDirectory.load(settings.templateFolder)
        let store = GenerationStore(state: state)
        try await store.prepare(temporaryFolder: settings.temporaryFolder)
        try PrivateFolder.check(settings.stateFolder, of: Settings.stateDir.flag, mayBeLink: true)
        try PrivateFolder.check(settings.temporaryFolder, of: Settings.tempDir.flag, mayBeLink: false)
        var nginxSettings = settings.nginxSettings(binary.version)
        nginxSettings.capabilities.compilesPatterns = binary.hasPCREJIT
        let certificateFolder = try await store.certificateFolder(
            nginxSettings.certificateLoading, workerUser: nginxSettings.workerUser)
        let htpasswdFolder = try await store.htpasswdFolder(
            nginxSettings.htpasswdFolder, workerUser: nginxSettings.workerUser)
        do {
            try await TemplateCheck.run(templates, settings: nginxSettings, binary: binary, state: state, store: store)
        } catch let error as FileError {
            // With a full disk, the last generation can still be served.
            guard await store.current() != nil else { throw error }
            logger.error("cannot test templates", metadata: ["error": "\(error)"])
        }
        let pod = environment["POD_NAME"] ?? ProcessInfo.processInfo.hostName
        let audit = try AuditLog(settings.auditLog, pod: pod, logger: logger)

        let http = HTTPClient()
        defer { http.shutdown() }
        let cache = ObjectCache(
            policy: DisappearancePolicy(
                grace: settings.disappearanceGrace, controller: RoutingOptions.controllerName))
        let cluster = try cluster(http)
        let versions = cluster.map { DiscoveredVersions(client: $0, logger: logger) }
        let reporting: Reporting? =
            if let cluster, let versions {
                try Self.reporting(
                    settings, client: cluster, versions: versions, cache: cache, pod: pod, logger: logger)
            } else {
                nil
            }
        let source = try await source(cluster, versions, cache, hasGeneration: await store.current() != nil)
        let podNames = await podNames(binary.version)
        let renderer = ConfigurationRenderer(templates: templates, settings: nginxSettings)
        let master = NginxMaster(
            binary: binary, state: state, store: store, addresses: nginxSettings.listenAddresses, logger: logger)
        let describer = GenerationDescriber(store: store, logger: logger)
        let reloader = Reloader(
            binary: binary, state: state, store: store, describer: describer, master: master,
            timeout: settings.reloadTimeout,
            logger: logger, marker: { renderer.marker(generation: $0) },
            probe: GenerationProbe.make(state: state, http: http),
            handshake: CertificateProbe.make(port: settings.httpsPort, http: http))
        let vault = try vault(http, cluster)
        let secrets = SecretStores(
            kinds: [
                CertificateKind(
                    folder: certificateFolder, providers: certificateProviders(vault, cluster),
                    defaultSource: settings.defaultCertificate.map(CertificateSource.vault)),
                HtpasswdKind(
                    folder: htpasswdFolder, vault: vault, cluster: settings.kubernetesSecrets ? cluster : nil),
            ], refreshInterval: settings.vault.refresh, updates: wakeUp, logger: logger)
        let memoryWarning = MemoryLimit.read()?.warning(settings.budgets)
        if let memoryWarning {
            logger.warning("budgets exceed the memory limit", metadata: ["reason": "\(memoryWarning)"])
        }
        let controllerState = ControllerState(
            cache: cache, master: master, leadership: reporting?.leadership, secrets: await secrets.reports,
            isReadyWithoutSecrets: settings.vault.isReadyWithoutCertificates,
            // After a start that finds no Ingress, changes wait for the grace period.
            pause: settings.reloadInterval + settings.disappearanceGrace,
            memoryWarning: memoryWarning)
        let loop = Reconciler(
            Reconciler.Parts(
                wakeUp: wakeUp, cache: cache, router: Router(options: settings.routingOptions), hostPolicy: hostPolicy,
                secrets: secrets,
                secretWait: settings.vault.startupWait, renderer: renderer, store: store, reloader: reloader,
                audit: audit, state: controllerState, podNames: podNames, report: { await reporting?.observe($0) }),
            interval: settings.reloadInterval, logger: logger, now: { Date() })
        logger.info(
            "controller starting",
            metadata: [
                "version": "\(RootCommand.version)", "nginx": "\(binary.path)", "nginx_version": "\(binary.version)",
                "state_dir": "\(state.root)",
            ])

        var services: [any ServiceLifecycle.Service] = [
            OrphanReaper(), AuditFeed(audit: audit, master: master, secrets: secrets, now: { Date() }),
            AuditReopening(signals: reopening, audit: audit), source,
        ]
        if let hostPolicy { services.append(hostPolicy) }
        if let vault { services.append(vault) }
        services.append(secrets)
        // The group shuts down from the last to the first: drain, release the Lease, stop reloading, let nginx finish
        // its requests. The admin server answers until then.
        services.append(AdminServer(address: settings.adminAddress, state: controllerState))
        services.append(describer)
        services.append(master)
        services.append(loop)
        services += reporting?.services ?? []
        services.append(Drain(state: controllerState, delay: settings.shutdownDelay, logger: logger))
        let group = ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        await audit.append([.start(start(templates, binary))], at: Date())
        do {
            try await group.run()
        } catch {
            await audit.append([.stop(AuditRecord.Stop(error: "\(error)"))], at: Date())
            throw error
        }
        await audit.append([.stop(AuditRecord.Stop(error: nil))], at: Date())
        logger.info("controller stopped")
    }

    private func start(_ templates: TemplateSet, _ binary: NginxBinary) -> AuditRecord.Start {
        AuditRecord.Start(
            version: RootCommand.version, nginx: "\(binary.version)",
            templates: try? SHA256.hex(of: templates.text), settings: settings.shape)
    }

    /// Discards the log of the service group, which repeats that of the services.
    private var quiet: Logger {
        var logger = Logger(label: "services")
        logger.logLevel = max(settings.logLevel, .critical)
        return logger
    }

    /// The hosts files through which nginx follows changes of pods; nil if it reloads for them.
    private func podNames(_ version: NginxVersion) async -> HostsFolder? {
        guard settings.upstreams == .endpoints, let path = settings.hostsFolder else { return nil }
        let folder = HostsFolder(path)
        let problem =
            version.capabilities.resolvesServers
            ? await HostsCheck.problem(folder, settings.resolver)
            : "expected nginx 1.27.3 or newer, found \(version)"
        guard let problem else { return folder }
        logger.warning("changes of pods reload nginx", metadata: ["reason": "\(Settings.hostsDir.flag): \(problem)"])
        return nil
    }

    /// Nil without `--host-policy`.
    private func hostPolicy(_ wakeUp: WakeUpSignal) throws -> HostPolicySource? {
        guard let file = settings.hostPolicy else { return nil }
        do throws(ManifestError) {
            return try HostPolicySource(file: file, wakeUp: wakeUp, logger: logger)
        } catch {
            throw UsageError("\(Settings.hostPolicy.flag): \(error)")
        }
    }

    /// Nil if manifests replace the cluster.
    private func cluster(_ http: HTTPClient) throws -> KubernetesClient? {
        let credentials: ClusterCredentials
        switch settings.source {
        case .manifests: return nil
        case .kubeconfig(let file):
            credentials = try ClusterCredentials.kubeconfig(file: file, environment: environment)
        case .inCluster:
            credentials = try ClusterCredentials.inCluster(environment: environment)
        }
        return KubernetesClient(credentials: credentials, http: http, logger: logger)
    }

    /// - Parameter hasGeneration: whether an earlier generation can be served while the API server is unreachable. If
    ///   not, the API server has to answer now.
    private func source(
        _ cluster: KubernetesClient?, _ versions: DiscoveredVersions?, _ cache: ObjectCache, hasGeneration: Bool
    ) async throws -> any ServiceLifecycle.Service {
        if case .manifests(let folder) = settings.source {
            return try ManifestSource(directory: folder, cache: cache, logger: logger)
        }
        guard let cluster else {
            throw StartupError(
                "no source of Ingresses: expected a cluster (--kubeconfig, or a pod's ServiceAccount) or --manifests")
        }
        if !hasGeneration {
            let version = try await cluster.checkVersion()
            logger.info(
                "API server reached", metadata: ["server": "\(cluster.server)", "server_version": "\(version)"])
        }
        return ClusterSource(
            client: cluster, namespace: settings.namespace, cache: cache, versions: versions,
            ingressMetadata: IngressMetadata.filter,
            logger: logger)
    }

    /// Nil if no Vault is configured.
    private func vault(_ http: HTTPClient, _ cluster: KubernetesClient?) throws -> VaultClient? {
        try settings.vault.connection.map { configuration, login in
            try VaultClient(
                configuration: configuration, login: try method(login, cluster), transport: http, logger: logger)
        }
    }

    /// In the order in which they are tried.
    private func certificateProviders(
        _ vault: VaultClient?, _ cluster: KubernetesClient?
    ) -> [any CertificateProvider] {
        var providers: [any CertificateProvider] = [VaultProvider(vault: vault, template: settings.vault.path)]
        if let role = settings.vault.pki { providers.append(PKIProvider(vault: vault, role: role)) }
        providers.append(KubernetesSecretProvider(cluster: settings.kubernetesSecrets ? cluster : nil))
        return providers
    }

    private func method(_ login: VaultSettings.Login, _ cluster: KubernetesClient?) throws -> LoginMethod {
        switch login {
        case .method(let method): return method
        case .secret(let reference):
            guard let cluster else { throw UsageError("VAULT_TOKEN_SECRET: expected a cluster, got --manifests") }
            return .provided(source: "Secret \(reference)") { () async throws(VaultError) -> Secret in
                do throws(KubernetesError) {
                    return try await cluster.value(of: reference)
                } catch {
                    throw .credentials(file: "Secret \(reference)", reason: "\(error)")
                }
            }
        }
    }
}
