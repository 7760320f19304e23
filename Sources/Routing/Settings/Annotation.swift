/// The annotations that this program reads, all under `vault-ingress.io/`. Each says something about every host of its
/// Ingress. docs/annotations.md is checked against this list.
public enum Annotation: String, Sendable, CaseIterable {
    case affinity
    case allowFrom = "allow-from"
    case appRoot = "app-root"
    case backendProtocol = "backend-protocol"
    case basicAuth = "basic-auth"
    case bodySize = "body-size"
    case buffering
    case connectTimeout = "connect-timeout"
    case hsts
    case rateLimit = "rate-limit"
    case readTimeout = "read-timeout"
    case redirectToHTTPS = "redirect-to-https"
    case rewritePrefix = "rewrite-prefix"
    case sendTimeout = "send-timeout"
    case split
    case splitBy = "split-by"

    public static let prefix = "vault-ingress.io/"

    /// As it stands in `metadata.annotations`.
    public var name: String { Self.prefix + rawValue }

    /// What a value looks like; also what an Event says was expected.
    public var type: String {
        switch self {
        case .affinity: "`cookie`"
        case .allowFrom: "at most 256 addresses and CIDR ranges, separated by commas"
        case .appRoot, .rewritePrefix: "a path"
        case .backendProtocol: BackendProtocol.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        case .basicAuth: "a path in Vault"
        case .bodySize: "bytes, or a number with `k`, `m` or `g`; at most `64g`"
        case .buffering: "`on`, `off`"
        case .connectTimeout: "a duration from `10ms` to `75s`"
        case .readTimeout, .sendTimeout: "a duration from `10ms` to `24h`"
        case .hsts: "a duration in days or less, such as `365d`, or `off`"
        case .rateLimit: "requests per second, from 1 to 100000"
        case .redirectToHTTPS: "`301`, `308`"
        case .split: "`SERVICE=WEIGHT`, two or more, separated by commas"
        case .splitBy: "`cookie:NAME`, `header:NAME`, `ip`"
        }
    }

    /// What holds without it.
    public var defaultValue: String {
        switch self {
        case .affinity, .appRoot, .basicAuth, .rateLimit, .redirectToHTTPS, .rewritePrefix, .split: "none"
        case .allowFrom: "everybody"
        case .backendProtocol: "`http`"
        case .bodySize: "`16m`"
        case .buffering: "`on`"
        case .connectTimeout: "`5s`"
        case .readTimeout, .sendTimeout: "`60s`"
        case .hsts: "`--hsts`"
        case .splitBy: "each request by chance"
        }
    }

    public var example: String {
        switch self {
        case .affinity: "cookie"
        case .allowFrom: "10.0.0.0/8, 2001:db8::/32, 192.0.2.7"
        case .appRoot: "/app/"
        case .backendProtocol: "grpc"
        case .basicAuth: "secret/basic-auth/shop/admin"
        case .bodySize: "100m"
        case .buffering: "off"
        case .connectTimeout: "500ms"
        case .hsts: "365d"
        case .rateLimit: "20"
        case .readTimeout: "1h"
        case .redirectToHTTPS: "308"
        case .rewritePrefix: "/v2"
        case .sendTimeout: "1m30s"
        case .split: "webapp-v1=90,webapp-v2=10"
        case .splitBy: "cookie:session"
        }
    }
}
