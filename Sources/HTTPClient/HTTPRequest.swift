/// A request to an absolute URL.
public struct HTTPRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]?
    public var tls: TLSOptions
    /// The path of a unix domain socket, which replaces the TCP connection. Host and path of the URL are still sent.
    public var unixSocket: String?
    /// The URL of a proxy (`http://`, `https://`, `socks5h://`); nil for none. Proxies of the environment are not used.
    public var proxy: String?
    /// The limit for name resolution, TCP handshake and TLS handshake together.
    public var connectTimeout: Duration = .seconds(10)
    /// The limit for the whole exchange; nil for none (a watch).
    public var timeout: Duration? = .seconds(60)
    /// The limit for the time without received data; nil for none. The time for which a transfer is paused, because the
    /// reader of a stream is slow, does not count.
    public var idleTimeout: Duration?
    /// The limit for the body that `send` reads; nil for the client's default. Streams have no such limit.
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

/// Descriptions do not contain the query, header values and the body.
extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    public var description: String {
        let shown = (try? ParsedURL(url).redacted()) ?? ParsedURL.redacted(malformed: url)
        return "\(method) \(shown)"
    }

    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// A complete response. A status of 400 or above is not an error.
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
