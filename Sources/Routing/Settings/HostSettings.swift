/// The labels and annotations of a host, parsed. Nil is the program's default.
public struct HostSettings: Sendable, Hashable {
    /// The origin of the certificate; nil serves the host without TLS.
    public var tls: CertificateOrigin?
    /// The path of the certificate in Vault; nil for `--vault-path`.
    public var vaultPath: VaultPath?
    /// HTTP/2 over TLS.
    public var http2 = false
    /// The redirect of plain http to https, with or without a certificate; nil serves content over plain http.
    public var redirect: HTTPSRedirect?
    public var backendProtocol = BackendProtocol.http
    /// The largest request body that is accepted.
    public var bodySize: ByteSize?
    public var connectTimeout: Duration?
    /// The maximum time between two reads from the backend.
    public var readTimeout: Duration?
    /// The maximum time between two writes to the backend.
    public var sendTimeout: Duration?
    /// True if nginx buffers requests and responses; false if it forwards them as they arrive.
    public var buffering: Bool?
    /// The allowed client addresses, sorted; if empty, all clients are denied.
    public var allowFrom: [AddressRange]?
    public var rateLimit: RequestRate?
    public var hsts: StrictTransport?
    /// The path to which `/` is redirected.
    public var appRoot: RequestPath?
    /// Replaces the matched path when a request goes to the backend.
    public var rewritePrefix: RequestPath?
    public var basicAuth: BasicAuth?
    /// True if a cookie keeps each client on one pod.
    public var affinity = false
    /// How a pod is selected for each request; without effect for a host with affinity.
    public var loadBalancing: LoadBalancing?
    /// True if nginx's error pages replace the responses 502, 503 and 504 of the application.
    public var errorPages = false
    /// The largest headers of a response that are accepted.
    public var responseHeaderSize: ByteSize?
    /// The first annotation by which another controller protects the host; nil if there is none. The host then answers
    /// 503 to every request.
    public var closedBy: String?

    /// The settings that labels make; the others have their defaults.
    public init(tls: CertificateOrigin? = nil, http2: Bool = false, redirect: HTTPSRedirect? = nil) {
        self.tls = tls
        self.http2 = http2
        self.redirect = redirect
    }
}

/// The annotations that make these settings, all under `vault-ingress.io/`, in the order in which they are read and
/// rejected.
public enum Annotation: String, Sendable, CaseIterable {
    case bodySize = "body-size"
    case connectTimeout = "connect-timeout"
    case readTimeout = "read-timeout"
    case sendTimeout = "send-timeout"
    case buffering
    case allowFrom = "allow-from"
    case rateLimit = "rate-limit"
    case hsts
    case redirectToHTTPS = "redirect-to-https"
    case backendProtocol = "backend-protocol"
    case appRoot = "app-root"
    case rewritePrefix = "rewrite-prefix"
    case basicAuth = "basic-auth"
    case affinity
    case loadBalancing = "load-balancing"
    case errorPages = "error-pages"
    case responseHeaderSize = "response-header-size"
    case split
    case splitBy = "split-by"
    case vaultPath = "vault-path"

    public static let prefix = "vault-ingress.io/"

    /// As in `metadata.annotations`.
    public var name: String { Self.prefix + rawValue }
}

extension Annotation {
    /// The complete description of the annotation: the reader, the listing, the coded form, the template
    /// check and the test of docs/annotations.md use nothing else.
    public var description: AnnotationDescription {
        switch self {
        case .bodySize:
            AnnotationDescription(
                effect: "Largest request body", type: "bytes, or a number with `k`, `m` or `g`; at most `64g`",
                defaultValue: "`16m`", example: "100m", sets: .value(\.bodySize, ByteSize.init(_:)) { "\($0)" })
        case .connectTimeout:
            AnnotationDescription(
                effect: "Timeout of a connection to the Service", type: "a duration from `10ms` to `75s`",
                defaultValue: "`5s`", example: "500ms", sets: .timeout(\.connectTimeout, upTo: .seconds(75)))
        case .readTimeout:
            AnnotationDescription(
                effect: "Maximum time between two reads from the Service", type: "a duration from `10ms` to `24h`",
                defaultValue: "`60s`", example: "1h", sets: .timeout(\.readTimeout, upTo: .seconds(86400)))
        case .sendTimeout:
            AnnotationDescription(
                effect: "Maximum time between two writes to the Service", type: "a duration from `10ms` to `24h`",
                defaultValue: "`60s`", example: "1m30s", sets: .timeout(\.sendTimeout, upTo: .seconds(86400)))
        case .buffering:
            AnnotationDescription(
                effect: "Buffering of requests and responses", type: "`on`, `off`", defaultValue: "`on`",
                example: "off", sets: .choice(\.buffering, ["on": true, "off": false]) { $0 ? "on" : "off" })
        case .allowFrom:
            AnnotationDescription(
                effect: "Client addresses that are allowed",
                type: "at most 256 addresses and CIDR ranges, separated by commas",
                defaultValue: "all", example: "10.0.0.0/8, 2001:db8::/32, 192.0.2.7",
                sets: .ranges(\.allowFrom) { $0.isEmpty ? "nobody" : $0.map(\.text).joined(separator: "+") })
        case .rateLimit:
            AnnotationDescription(
                effect: "Rate limit for each client address", type: "requests per second, from 1 to 100000",
                defaultValue: "none", example: "20", sets: .value(\.rateLimit, RequestRate.init) { "\($0.perSecond)" })
        case .hsts:
            AnnotationDescription(
                effect: "Header `Strict-Transport-Security`",
                type: "a duration in days or less, such as `365d`, or `off`", defaultValue: "`--hsts`",
                example: "365d", sets: .value(\.hsts, StrictTransport.init) { "\($0)" })
        case .redirectToHTTPS:
            AnnotationDescription(
                effect: "Status of the redirect from http to https", type: "`301`, `308`", defaultValue: "none",
                example: "308",
                sets: .choice(\.redirect, ["301": .movedPermanently, "308": .permanentRedirect]) {
                    $0 == .httpsOnly ? nil : $0.rawValue
                })
        case .backendProtocol:
            AnnotationDescription(
                effect: "Protocol between nginx and the Services",
                type: BackendProtocol.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
                defaultValue: "`http`", example: "grpc",
                sets: .choice(\.backendProtocol, BackendProtocol.byName) { $0 == .http ? nil : $0.rawValue })
        case .appRoot:
            AnnotationDescription(
                effect: "Path to which `/` is redirected", type: "a path", defaultValue: "none", example: "/app/",
                sets: .value(\.appRoot, RequestPath.init(belowRoot:)) { $0.text })
        case .rewritePrefix:
            AnnotationDescription(
                effect: "Path that replaces the path of the rule", type: "a path", defaultValue: "none",
                example: "/v2", sets: .value(\.rewritePrefix, RequestPath.init(prefix:)) { $0.text })
        case .basicAuth:
            AnnotationDescription(
                effect: "Users that may access the host with a password (HTTP basic auth)",
                type: "a path in Vault below `--basic-auth-prefix`, or `secret:NAME` with `--kubernetes-secrets`",
                defaultValue: "none",
                example: "secret/basic-auth/shop/admin", sets: .users(\.basicAuth) { $0.source?.text ?? "nobody" })
        case .affinity:
            AnnotationDescription(
                effect: "Keeps a client on one pod", type: "`cookie`", defaultValue: "none", example: "cookie",
                sets: .choice(\.affinity, ["cookie": true]) { $0 ? "cookie" : nil })
        case .loadBalancing:
            AnnotationDescription(
                effect: "Selection of a pod for each request",
                type: LoadBalancing.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
                defaultValue: "`round_robin`", example: "least_conn",
                sets: .choice(\.loadBalancing, LoadBalancing.byName) { $0?.rawValue })
        case .errorPages:
            AnnotationDescription(
                effect: "Error pages instead of the application's own responses 502, 503 and 504",
                type: "`on`, `off`", defaultValue: "`off`", example: "on",
                sets: .choice(\.errorPages, ["on": true, "off": false]) { $0 ? "on" : nil })
        case .responseHeaderSize:
            AnnotationDescription(
                effect: "Largest headers of a response, together", type: "a size from `1k` to `256k`",
                defaultValue: "`16k`", example: "64k",
                sets: .value(\.responseHeaderSize, ByteSize.init(responseHeaders:)) { "\($0)" })
        case .split:
            AnnotationDescription(
                effect: "Divides requests among Services", type: "`SERVICE=WEIGHT`, two or more, separated by commas",
                defaultValue: "none", example: "webapp-v1=90,webapp-v2=10", sets: .split)
        case .splitBy:
            AnnotationDescription(
                effect: "Keeps a client on one Service of a split", type: "`cookie:NAME`, `header:NAME`, `ip`",
                defaultValue: "none: each request is assigned at random", example: "cookie:session", sets: .splitKey)
        case .vaultPath:
            AnnotationDescription(
                effect: "Path in Vault of the certificate of all hosts of the Ingress",
                type: "a path in Vault below `--vault-path-prefix`", defaultValue: "`--vault-path`",
                example: "secret/certificates/shop/shared", sets: .certificatePath(\.vaultPath))
        }
    }
}
