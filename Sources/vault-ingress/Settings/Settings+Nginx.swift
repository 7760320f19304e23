internal import NginxConfig
internal import Routing

/// nginx: the program, its files, its ports and its reloads.
extension Settings {
    static let stateDir = Setting<AbsolutePath>(
        "state-dir", variable: "STATE_DIR", default: .text("/run/vault-ingress"),
        help: "Folder for generations, certificates and sockets", recording: .described
    ) { text throws(InvalidValue) in
        let path = try AbsolutePath(text)
        // A unix socket's path has at most 107 bytes (unix(7)), and nginx.sock is in this folder.
        guard path.text.utf8.count <= 96 else {
            throw InvalidValue(text, expected: "a path of at most 96 bytes, because it contains a unix socket")
        }
        return path
    }

    static let tempDir = Setting<AbsolutePath>(
        "temp-dir", variable: "TEMP_DIR", default: .text("/tmp/vault-ingress"),
        help: "Folder for request bodies that do not fit in memory, and for htpasswd files", recording: .omitted,
        parse: AbsolutePath.init)

    /// Nil for the folder that is installed with the program.
    static let templateDir = Setting<String?>(
        "template-dir", variable: "TEMPLATE_DIR",
        default: .value(nil, named: "share/vault-ingress/templates beside the binary"), help: "Folder of templates",
        recording: .omitted, parse: Parsing.text)

    static let nginx = Setting<String>(
        "nginx", variable: "NGINX", default: .value("nginx", named: "nginx in PATH"),
        help: "The nginx program, 1.22 or newer", recording: .omitted, parse: Parsing.text)

    static let nginxUser = Setting<AccountName>(
        "nginx-user", variable: "NGINX_USER", default: .text("www-data"), help: "Account of nginx's workers",
        recording: .text { $0.text }, parse: AccountName.init)

    static let workerConnections = Setting<Int>(
        "worker-connections", variable: "WORKER_CONNECTIONS", default: .text("16384"),
        help: "Maximum number of connections of each worker of nginx; a proxied request takes two", recording: .omitted,
        parse: Parsing.number(128...1_000_000))

    static let servers = Setting<ServerForm>(
        "servers", variable: "SERVERS", default: .text("shared"),
        help: "shared: hosts share servers of nginx where they can; separate: each host has its own",
        recording: .text { $0.rawValue }, parse: Parsing.oneOf(ServerForm.self))

    static let upstreams = Setting<UpstreamForm>(
        "upstreams", variable: "UPSTREAMS", default: .text("endpoints"),
        help: "endpoints: nginx connects to the pods of Services; dns: to their names",
        recording: .text { $0.rawValue }, parse: Parsing.oneOf(UpstreamForm.self))

    /// Nil for the form that the version of nginx suggests.
    static let certificateLoading = Setting<CertificateLoading?>(
        "certificate-loading", variable: "CERTIFICATE_LOADING",
        default: .value(nil, named: "dynamic with nginx 1.27.4 and newer, else static"),
        help:
            "static: nginx reads certificates when it starts, as root; dynamic: its workers read them in the handshake",
        recording: .text { $0?.rawValue ?? "by version" }, parse: Parsing.oneOf(CertificateLoading.self))

    static let httpPort = Setting<ServicePort>(
        "http-port", variable: "HTTP_PORT", default: .text("80"), help: "Port for http", recording: .described,
        parse: ServicePort.init(_:))

    static let httpsPort = Setting<ServicePort>(
        "https-port", variable: "HTTPS_PORT", default: .text("443"), help: "Port for https", recording: .described,
        parse: ServicePort.init(_:))

    static let hsts = Setting<Duration?>(
        "hsts", variable: "HSTS", default: .value(nil, named: "not sent"),
        help: "max-age of Strict-Transport-Security, sent over TLS only", recording: .described(or: "none"),
        parse: Duration.init(text:))

    static let installationID = Setting<InstallationID>(
        "installation-id", variable: "INSTALLATION_ID", default: .text("vault-ingress"),
        help: "Identifier in the header CDN-Loop, by which loops are detected", recording: .text { $0.text },
        parse: InstallationID.init)

    static let maxRequestLine = Setting<ByteSize>(
        "max-request-line", variable: "MAX_REQUEST_LINE", default: .text("16k"),
        help: "Largest request line, and largest single request header, from 1k to 256k", recording: .described,
        parse: Parsing.size("1k", "256k"))

    static let maxRequestHeaders = Setting<ByteSize>(
        "max-request-headers", variable: "MAX_REQUEST_HEADERS", default: .text("128k"),
        help: "Largest request line and request headers together, from 1k to 1m", recording: .described,
        parse: Parsing.size("1k", "1m"))

    static let reloadInterval = Setting<Duration>(
        "reload-interval", variable: "RELOAD_FREQUENCY", default: .text("1s"),
        help: "Minimum time between two reloads", recording: .described, parse: Duration.init(text:))

    static let reloadTimeout = Setting<Duration>(
        "reload-timeout", variable: "RELOAD_TIMEOUT", default: .text("10s"),
        help: "Maximum time until nginx serves a new generation", recording: .described,
        parse: Duration.init(text:))

    static let shutdownDelay = Setting<Duration>(
        "shutdown-delay", variable: "SHUTDOWN_DELAY", default: .text("0s"),
        help: "Time between becoming unready and the shutdown of nginx", recording: .omitted,
        parse: Duration.init(text:))
}
