/// What the annotations of an Ingress ask for, for all its hosts. Nil is the program's default.
public struct HostSettings: Sendable, Hashable, Codable {
    /// The largest request body that is accepted.
    public var bodySize: ByteSize?
    public var connectTimeout: Duration?
    /// Between two reads from the backend, not for the whole answer.
    public var readTimeout: Duration?
    public var sendTimeout: Duration?
    /// Whether nginx keeps requests and responses until they are whole, or passes them on as they come.
    public var buffering: Bool?
    /// Who may ask; empty is nobody.
    public var allowFrom: [AddressRange]?
    public var rateLimit: RequestRate?
    public var hsts: StrictTransport?
    /// How plain http is redirected; nil where only the label asks for it, which means 301.
    public var redirectStatus: RedirectStatus?
    public var backendProtocol = BackendProtocol.http
    /// Where `/` is redirected to.
    public var appRoot: RequestPath?
    /// Stands in the place of the matched path when a request goes to the backend.
    public var rewritePrefix: RequestPath?
    public var basicAuth: BasicAuth?
    public var affinity = false

    public init() {}
}

/// Who is let in by name and password.
public enum BasicAuth: Sendable, Hashable, Codable {
    case users(VaultPath)
    /// Asked for in a way that cannot be read: a host that wanted a lock is not left open.
    case nobody

    public var users: VaultPath? {
        if case .users(let path) = self { path } else { nil }
    }
}

/// How nginx speaks to a backend.
public enum BackendProtocol: String, Sendable, Hashable, CaseIterable, Codable {
    case http, https, grpc, grpcs

    public var isGRPC: Bool { self == .grpc || self == .grpcs }
}

/// The status of a redirect to https (RFC 9110 §15.4).
public enum RedirectStatus: Int, Sendable, Hashable, CaseIterable, Codable {
    /// Browsers make a GET of a POST.
    case movedPermanently = 301
    /// The method stays.
    case permanentRedirect = 308
}

/// `Strict-Transport-Security` of a host (RFC 6797 §6.1). Never with `includeSubDomains`: those may be somebody else's.
public enum StrictTransport: Sendable, Hashable, Codable {
    case off
    case seconds(Int)
}
