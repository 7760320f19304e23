/// One request. The URL is absolute; `unixSocket` replaces the TCP connection but not the URL's host and path.
public struct HTTPRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]?
    public var tls: TLSOptions
    /// Path of a unix domain socket to connect to instead of the URL's host.
    public var unixSocket: String?
    /// URL of a proxy (`http://`, `https://`, `socks5h://`); nil for none. The environment's proxies are never used.
    public var proxy: String?
    /// Bound on the TCP and TLS handshakes together, the name's resolution included.
    public var connectTimeout: Duration = .seconds(10)
    /// Bound on the whole exchange; nil for none (a watch).
    public var timeout: Duration? = .seconds(60)
    /// Bound on silence: no byte received for that long ends the transfer; nil for none.
    /// The time in which the reader of a stream is the one who is awaited does not count.
    public var idleTimeout: Duration?
    /// Bound on the body that `send` reads; nil for the client's own. A stream has no such bound.
    public var maximumBodyBytes: Int?

    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
        tls: TLSOptions = TLSOptions(), unixSocket: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.tls = tls
        self.unixSocket = unixSocket
    }
}

/// Query, header values and body stay out of logs, whoever prints a request.
extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    public var description: String {
        let shown = (try? ParsedURL(url).redacted()) ?? ParsedURL.redacted(malformed: url)
        return "\(method) \(shown)"
    }

    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// A response read to its end. A status of 400 and above is an answer, not an error.
public struct HTTPResponse: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    public let body: [UInt8]

    public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
