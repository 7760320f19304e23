/// The labels and annotations of a host, parsed. Nil is the program's default.
public struct HostSettings: Sendable, Hashable {
    /// Where the certificate comes from; nil serves the host without TLS.
    public var tls: CertificateOrigin?
    /// HTTP/2 over TLS.
    public var http2 = false
    /// The redirect of plain http to https, with or without a certificate; nil serves content over plain http.
    public var redirect: HTTPSRedirect?
    public var backendProtocol = BackendProtocol.http
    /// The largest request body that is accepted.
    public var bodySize: ByteSize?
    public var connectTimeout: Duration?
    /// Between two reads from the backend, not for the whole response.
    public var readTimeout: Duration?
    /// Between two writes to the backend, not for the whole request.
    public var sendTimeout: Duration?
    /// Whether nginx buffers requests and responses, or passes them on as they arrive.
    public var buffering: Bool?
    /// The clients that are let in; empty is none.
    public var allowFrom: [AddressRange]?
    public var rateLimit: RequestRate?
    public var hsts: StrictTransport?
    /// The path to which `/` is redirected.
    public var appRoot: RequestPath?
    /// Replaces the matched path when a request goes to the backend.
    public var rewritePrefix: RequestPath?
    public var basicAuth: BasicAuth?
    /// Whether a cookie keeps each client on one pod.
    public var affinity = false

    /// The settings that labels make; the others have their defaults.
    public init(tls: CertificateOrigin? = nil, http2: Bool = false, redirect: HTTPSRedirect? = nil) {
        self.tls = tls
        self.http2 = http2
        self.redirect = redirect
    }
}

extension HostSettings: Codable {
    private enum CodingKeys: CodingKey {
        case tls, http2, redirect, backendProtocol, bodySize, connectTimeout, readTimeout, sendTimeout, buffering,
            allowFrom, rateLimit, hsts, appRoot, rewritePrefix, basicAuth, affinity
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        tls = try fields.decodeIfPresent(CertificateOrigin.self, forKey: .tls)
        http2 = try fields.decodeIfPresent(Bool.self, forKey: .http2) ?? false
        redirect = try fields.decodeIfPresent(HTTPSRedirect.self, forKey: .redirect)
        backendProtocol = try fields.decodeIfPresent(BackendProtocol.self, forKey: .backendProtocol) ?? .http
        bodySize = try fields.decodeIfPresent(ByteSize.self, forKey: .bodySize)
        connectTimeout = try fields.decodeIfPresent(Duration.self, forKey: .connectTimeout)
        readTimeout = try fields.decodeIfPresent(Duration.self, forKey: .readTimeout)
        sendTimeout = try fields.decodeIfPresent(Duration.self, forKey: .sendTimeout)
        buffering = try fields.decodeIfPresent(Bool.self, forKey: .buffering)
        allowFrom = try fields.decodeIfPresent([AddressRange].self, forKey: .allowFrom)
        rateLimit = try fields.decodeIfPresent(RequestRate.self, forKey: .rateLimit)
        hsts = try fields.decodeIfPresent(StrictTransport.self, forKey: .hsts)
        appRoot = try fields.decodeIfPresent(RequestPath.self, forKey: .appRoot)
        rewritePrefix = try fields.decodeIfPresent(RequestPath.self, forKey: .rewritePrefix)
        basicAuth = try fields.decodeIfPresent(BasicAuth.self, forKey: .basicAuth)
        affinity = try fields.decodeIfPresent(Bool.self, forKey: .affinity) ?? false
    }

    /// Writes what differs from the defaults.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(tls, forKey: .tls)
        if http2 { try fields.encode(http2, forKey: .http2) }
        try fields.encodeIfPresent(redirect, forKey: .redirect)
        if backendProtocol != .http { try fields.encode(backendProtocol, forKey: .backendProtocol) }
        try fields.encodeIfPresent(bodySize, forKey: .bodySize)
        try fields.encodeIfPresent(connectTimeout, forKey: .connectTimeout)
        try fields.encodeIfPresent(readTimeout, forKey: .readTimeout)
        try fields.encodeIfPresent(sendTimeout, forKey: .sendTimeout)
        try fields.encodeIfPresent(buffering, forKey: .buffering)
        try fields.encodeIfPresent(allowFrom, forKey: .allowFrom)
        try fields.encodeIfPresent(rateLimit, forKey: .rateLimit)
        try fields.encodeIfPresent(hsts, forKey: .hsts)
        try fields.encodeIfPresent(appRoot, forKey: .appRoot)
        try fields.encodeIfPresent(rewritePrefix, forKey: .rewritePrefix)
        try fields.encodeIfPresent(basicAuth, forKey: .basicAuth)
        if affinity { try fields.encode(affinity, forKey: .affinity) }
    }
}
