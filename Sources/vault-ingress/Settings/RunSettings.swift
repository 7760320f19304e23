internal import Controller
internal import Logging
internal import NginxConfig
internal import Routing

/// The settings of `run`, every one checked.
struct RunSettings {
    enum Source: Equatable {
        case inCluster
        case kubeconfig(String)
        case manifests(String)
    }

    var source: Source
    var namespace: String?
    var ingressClass: String
    var requireIngressClass: Bool
    var clusterDomain: DNSName
    var stateFolder: AbsolutePath
    var temporaryFolder: AbsolutePath
    var templateFolder: String
    var nginx: String
    var nginxUser: AccountName
    var httpPort: ServicePort
    var httpsPort: ServicePort
    var hsts: Duration?
    var defaultCertificate: String?
    var vault: VaultSettings
    var adminAddress: AddressAndPort
    /// Nil where no status is written.
    var published: StatusPublisher.Source?
    var leaseName: String
    /// Of this pod; nil where it is not told.
    var podNamespace: String?
    var resolver: AddressAndPort
    var reloadInterval: Duration
    var reloadTimeout: Duration
    var shutdownDelay: Duration
    var auditLog: AuditLog.Destination
    var logLevel: Logger.Level
    var logFormat: LogFormat

    /// - Parameters:
    ///   - shareFolder: where the program's own files are installed.
    ///   - isTerminal: whether standard error is one.
    /// - Throws: `UsageError` for the first value that does not fit.
    init(_ options: RunOptions, environment: [String: String], shareFolder: String, isTerminal: Bool) throws {
        let reader = SettingReader(environment: environment)
        source = try Self.source(options, reader)
        namespace = try reader.read(
            options.namespace, flag: "--namespace", variable: "WATCH_NAMESPACE", parse: Parsing.namespace)
        ingressClass =
            try reader.read(
                options.ingressClass, flag: "--ingress-class", variable: "INGRESS_CLASS", parse: Parsing.text)
            ?? "vault-ingress"
        requireIngressClass = options.requireIngressClass
        clusterDomain =
            try reader.read(
                options.clusterDomain, flag: "--cluster-domain", variable: "CLUSTER_DOMAIN", parse: DNSName.init)
            ?? DNSName("cluster.local")
        stateFolder =
            try reader.read(options.stateDir, flag: "--state-dir", variable: "STATE_DIR", parse: Self.stateFolder)
            ?? AbsolutePath("/run/vault-ingress")
        temporaryFolder =
            try reader.read(options.tempDir, flag: "--temp-dir", variable: "TEMP_DIR", parse: AbsolutePath.init)
            ?? AbsolutePath("/tmp/vault-ingress")
        templateFolder =
            try reader.read(
                options.templateDir, flag: "--template-dir", variable: "TEMPLATE_DIR", parse: Parsing.text)
            ?? "\(shareFolder)/templates"
        nginx = try reader.read(options.nginx, flag: "--nginx", variable: "NGINX", parse: Parsing.text) ?? "nginx"
        nginxUser =
            try reader.read(options.nginxUser, flag: "--nginx-user", variable: "NGINX_USER", parse: AccountName.init)
            ?? AccountName("www-data")
        httpPort =
            try reader.read(options.httpPort, flag: "--http-port", variable: "HTTP_PORT", parse: ServicePort.init(_:))
            ?? ServicePort(80)
        httpsPort =
            try reader.read(
                options.httpsPort, flag: "--https-port", variable: "HTTPS_PORT", parse: ServicePort.init(_:))
            ?? ServicePort(443)
        hsts = try reader.read(options.hsts, flag: "--hsts", variable: "HSTS", parse: Duration.init(text:))
        defaultCertificate = try reader.read(
            options.defaultCertificate, flag: "--default-certificate", variable: "DEFAULT_CERTIFICATE",
            parse: Parsing.text)
        vault = try VaultSettings(options.vault, reader)
        adminAddress =
            try reader.read(options.adminAddress, flag: "--admin-address", variable: "ADMIN_ADDRESS") {
                text throws(InvalidValue) in try AddressAndPort(text, defaultPort: ServicePort(8080))
            } ?? AddressAndPort("0.0.0.0", defaultPort: ServicePort(8080))
        published = try Self.published(options, reader)
        leaseName =
            try reader.read(options.leaseName, flag: "--lease-name", variable: "LEASE_NAME", parse: Parsing.objectName)
            ?? "vault-ingress"
        podNamespace = try reader.read(nil, flag: "", variable: "POD_NAMESPACE", parse: Parsing.namespace)
        resolver = try Self.resolver(options, reader)
        reloadInterval =
            try reader.read(
                options.reloadInterval, flag: "--reload-interval", variable: "RELOAD_FREQUENCY",
                parse: Duration.init(text:)) ?? .seconds(1)
        reloadTimeout =
            try reader.read(
                options.reloadTimeout, flag: "--reload-timeout", variable: "RELOAD_TIMEOUT", parse: Duration.init(text:)
            )
            ?? .seconds(10)
        shutdownDelay =
            try reader.read(
                options.shutdownDelay, flag: "--shutdown-delay", variable: "SHUTDOWN_DELAY", parse: Duration.init(text:)
            )
            ?? .zero
        auditLog = try Self.auditLog(options, reader)
        let isDebug = try reader.read(nil, flag: "", variable: "DEBUG", parse: Parsing.boolean) ?? false
        logLevel =
            try reader.read(
                options.logLevel, flag: "--log-level", variable: "LOG_LEVEL", parse: Parsing.oneOf(Logger.Level.self))
            ?? (isDebug ? .debug : .info)
        logFormat =
            try reader.read(
                options.logFormat, flag: "--log-format", variable: "LOG_FORMAT", parse: Parsing.oneOf(LogFormat.self))
            ?? (isTerminal ? .text : .json)
    }

    /// A flag for one source wins over the environment's word for the other; two of the same rank contradict.
    private static func source(_ options: RunOptions, _ reader: SettingReader) throws -> Source {
        if options.kubeconfig != nil, options.manifests != nil {
            throw UsageError("--kubeconfig and --manifests: expected one of them, found both")
        }
        let environment = reader.environment
        if options.kubeconfig == nil, options.manifests == nil, environment["KUBECONFIG"]?.isEmpty == false,
            environment["MANIFESTS"]?.isEmpty == false
        {
            throw UsageError("KUBECONFIG and MANIFESTS: expected one of them, found both")
        }
        if options.kubeconfig == nil,
            let folder = try reader.read(
                options.manifests, flag: "--manifests", variable: "MANIFESTS", parse: Parsing.text)
        {
            return .manifests(folder)
        }
        let file = try reader.read(
            options.kubeconfig, flag: "--kubeconfig", variable: "KUBECONFIG", parse: Parsing.text)
        return file.map { .kubeconfig($0) } ?? .inCluster
    }

    /// What there is to say about a file is an error where there is none: it would do nothing.
    private static func auditLog(_ options: RunOptions, _ reader: SettingReader) throws -> AuditLog.Destination {
        let path = try reader.read(options.auditLog, flag: "--audit-log", variable: "AUDIT_LOG", parse: Parsing.text)
        let maxSize = try reader.read(
            options.auditMaxSize, flag: "--audit-max-size", variable: "AUDIT_MAX_SIZE", parse: Parsing.size)
        let keep = try reader.read(
            options.auditKeep, flag: "--audit-keep", variable: "AUDIT_KEEP", parse: Parsing.number(1...1000))
        guard let path else {
            for (given, isSet, flag, variable) in [
                (options.auditMaxSize, maxSize != nil, "--audit-max-size", "AUDIT_MAX_SIZE"),
                (options.auditKeep, keep != nil, "--audit-keep", "AUDIT_KEEP"),
            ] where isSet {
                throw UsageError(
                    "\(given == nil ? variable : flag): expected --audit-log or AUDIT_LOG as well, found none")
            }
            return .standardOutput
        }
        return .file(
            path,
            AuditRotation(
                maxSize: maxSize ?? AuditRotation.standard.maxSize, keep: keep ?? AuditRotation.standard.keep))
    }

    /// A unix socket's path has at most 107 bytes (unix(7)), and nginx.sock lies in this folder.
    private static func stateFolder(_ text: String) throws(InvalidValue) -> AbsolutePath {
        let path = try AbsolutePath(text)
        guard path.text.utf8.count <= 96 else {
            throw InvalidValue(text, expected: "a path of at most 96 bytes, so that a socket in it can be reached")
        }
        return path
    }

    private static func resolver(_ options: RunOptions, _ reader: SettingReader) throws -> AddressAndPort {
        let port =
            try reader.read(nil, flag: "", variable: "RESOLVER_PORT", parse: ServicePort.init(_:)) ?? ServicePort.dns
        return try reader.read(options.resolver, flag: "--resolver", variable: "RESOLVER") {
            text throws(InvalidValue) in try AddressAndPort(text, defaultPort: port)
        } ?? AddressAndPort("127.0.0.1", defaultPort: port)
    }
}
