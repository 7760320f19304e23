internal import Controller
internal import Logging
internal import NginxConfig
internal import Routing

/// The settings of `run`, parsed and checked.
struct RunSettings {
    enum Source: Equatable {
        case inCluster
        case kubeconfig(String)
        case manifests(String)
    }

    let source: Source
    let namespace: String?
    let ingressClass: String
    let requireIngressClass: Bool
    let hostPolicy: String?
    let disappearanceGrace: Duration
    let kubernetesSecrets: Bool
    let clusterDomain: DNSName
    let stateFolder: AbsolutePath
    let temporaryFolder: AbsolutePath
    let templateFolder: String
    let nginx: String
    let nginxUser: AccountName
    let httpPort: ServicePort
    let httpsPort: ServicePort
    let hsts: Duration?
    let installationID: InstallationID
    let requestHeaders: RequestHeaderLimits
    let defaultCertificate: String?
    let budgets: BudgetLimits
    let vault: VaultSettings
    let adminAddress: AddressAndPort
    /// The addresses for the status of Ingresses; nil if no status is written.
    let published: StatusPublisher.Source?
    let leaseName: String
    /// The namespace of this pod; nil if it is unknown.
    let podNamespace: String?
    let resolver: AddressAndPort
    let workerConnections: Int
    let servers: ServerForm
    let upstreams: UpstreamForm
    let hostsFolder: AbsolutePath?
    /// Nil for the form that the version of nginx suggests.
    let certificateLoading: CertificateLoading?
    let reloadInterval: Duration
    let reloadTimeout: Duration
    let shutdownDelay: Duration
    let auditLog: AuditLog.Destination
    let logLevel: Logger.Level
    let logFormat: LogFormat
    /// The values that determine what nginx serves and when, by flag, for the audit log. Contains no secrets.
    let shape: [String: String]

    /// - Parameters:
    ///   - shareFolder: the folder in which the program's own files are installed.
    ///   - isTerminal: true if standard error is a terminal.
    /// - Throws: `UsageError` for the first invalid value.
    init(_ options: RunOptions, environment: [String: String], shareFolder: String, isTerminal: Bool) throws {
        var reader = SettingReader(environment: environment)
        source = try Self.source(options, reader)
        namespace = try reader.value(Settings.namespace, options.namespace)
        ingressClass = try reader.value(Settings.ingressClass, options.ingressClass)
        requireIngressClass = try reader.isOn(Settings.requireIngressClass, options.requireIngressClass)
        hostPolicy = try reader.value(Settings.hostPolicy, options.hostPolicy)
        disappearanceGrace = try reader.value(Settings.disappearanceGrace, options.disappearanceGrace)
        kubernetesSecrets = try reader.isOn(Settings.kubernetesSecrets, options.kubernetesSecrets)
        if kubernetesSecrets, case .manifests = source {
            throw UsageError("\(Settings.kubernetesSecrets.flag): expected a cluster, got \(Settings.manifests.flag)")
        }
        clusterDomain = try reader.value(Settings.clusterDomain, options.clusterDomain)
        stateFolder = try reader.value(Settings.stateDir, options.stateDir)
        temporaryFolder = try reader.value(Settings.tempDir, options.tempDir)
        templateFolder =
            try reader.value(Settings.templateDir, options.templateDir) ?? Installation.templates(in: shareFolder)
        nginx = try reader.value(Settings.nginx, options.nginx)
        nginxUser = try reader.value(Settings.nginxUser, options.nginxUser)
        httpPort = try reader.value(Settings.httpPort, options.httpPort)
        httpsPort = try reader.value(Settings.httpsPort, options.httpsPort)
        hsts = try reader.value(Settings.hsts, options.hsts)
        installationID = try reader.value(Settings.installationID, options.installationId)
        requestHeaders = try Self.requestHeaders(options, &reader)
        defaultCertificate = try reader.value(Settings.defaultCertificate, options.defaultCertificate)
        budgets = try BudgetLimits(options.budgets, &reader)
        vault = try VaultSettings(options.vault, &reader)
        adminAddress = try reader.value(Settings.adminAddress, options.adminAddress)
        published = try Self.published(options, reader)
        leaseName = try reader.value(Settings.leaseName, options.leaseName)
        podNamespace = try reader.value(of: Settings.podNamespace)
        let resolverPort = try reader.value(of: Settings.resolverPort) ?? .dns
        resolver = try reader.value(Settings.resolver(port: resolverPort), options.resolver)
        certificateLoading = try reader.value(Settings.certificateLoading, options.certificateLoading)
        workerConnections = try reader.value(Settings.workerConnections, options.workerConnections)
        servers = try reader.value(Settings.servers, options.servers)
        hostsFolder = try reader.value(Settings.hostsDir, options.hostsDir)
        upstreams = try reader.value(Settings.upstreams, options.upstreams)
        reloadInterval = try reader.value(Settings.reloadInterval, options.reloadInterval)
        reloadTimeout = try reader.value(Settings.reloadTimeout, options.reloadTimeout)
        shutdownDelay = try reader.value(Settings.shutdownDelay, options.shutdownDelay)
        auditLog = try Self.auditLog(options, &reader)
        let isDebug = try reader.value(of: Settings.debug) ?? false
        logLevel = try reader.value(Settings.logLevel, options.logLevel, fallback: isDebug ? .debug : nil)
        logFormat = try reader.value(Settings.logFormat, options.logFormat) ?? (isTerminal ? .text : .json)
        shape = reader.recorded.merging([
            "source": "\(source)", "vault": vault.connection == nil ? "none" : "used",
        ]) { $1 }
    }

    private static func source(_ options: RunOptions, _ reader: SettingReader) throws(UsageError) -> Source {
        switch try reader.choice(
            Settings.kubeconfig, options.kubeconfig, Settings.manifests, options.manifests)
        {
        case .first(let file): .kubeconfig(file)
        case .second(let folder): .manifests(folder)
        case nil: .inCluster
        }
    }

    private static func requestHeaders(
        _ options: RunOptions, _ reader: inout SettingReader
    ) throws(UsageError) -> RequestHeaderLimits {
        let line = try reader.value(Settings.maxRequestLine, options.maxRequestLine)
        let total = try reader.value(Settings.maxRequestHeaders, options.maxRequestHeaders)
        do throws(InvalidValue) {
            return try RequestHeaderLimits(line: line, total: total)
        } catch {
            throw UsageError(
                Settings.maxRequestHeaders.flag, value: error.value,
                expected: "\(error.expected) (\(Settings.maxRequestLine.flag))", got: error.value)
        }
    }

    private static func published(
        _ options: RunOptions, _ reader: SettingReader
    ) throws(UsageError) -> StatusPublisher.Source? {
        switch try reader.choice(
            Settings.publishAddress, options.publishAddress, Settings.publishService, options.publishService)
        {
        case .first(let addresses): .addresses(addresses)
        case .second(let service): .service(service)
        case nil: nil
        }
    }

    /// Rotation without a file is an error, because it would have no effect.
    private static func auditLog(
        _ options: RunOptions, _ reader: inout SettingReader
    ) throws(UsageError) -> AuditLog.Destination {
        guard let path = try reader.value(Settings.auditLog, options.auditLog) else {
            try reader.requireAbsent(Settings.auditMaxSize, options.auditMaxSize, without: Settings.auditLog)
            try reader.requireAbsent(Settings.auditKeep, options.auditKeep, without: Settings.auditLog)
            return .standardOutput
        }
        return .file(
            path,
            AuditRotation(
                maxSize: try reader.value(Settings.auditMaxSize, options.auditMaxSize),
                keep: try reader.value(Settings.auditKeep, options.auditKeep)))
    }
}
