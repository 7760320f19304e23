internal import Basics
import CCurl

/// A validated request in libcurl's form.
struct PreparedRequest: Sendable {
    /// Method and URL for errors and logs, without secrets.
    let label: Label
    let request: HTTPRequest
    let url: String
    /// `Name: value`. `Name:` suppresses a default header of libcurl.
    let headerLines: [String]
    /// CURLOPT_CONNECT_TO: the original host and port, if the host of the URL was replaced by the name to verify.
    let connectTo: String?
    let isTLS: Bool
    /// False for a handshake without a request.
    let isSent: Bool
    let userAgent: String
    let started: ContinuousClock.Instant

    struct Label: Sendable {
        let method: String
        let url: String

        func error(_ code: HTTPClientError.Code, _ detail: String = "") -> HTTPClientError {
            HTTPClientError(code: code, method: method, url: url, detail: detail)
        }
    }

    init(_ request: HTTPRequest, userAgent: String, isSent: Bool = true) throws(HTTPClientError) {
        self.isSent = isSent
        started = .now
        self.request = request
        self.userAgent = userAgent
        guard Self.isToken(request.method) else {
            throw Label(method: "?", url: ParsedURL.redacted(malformed: request.url))
                .error(.malformedRequest, "a method is a token of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 §9.1)")
        }
        let label: Label
        do {
            label = Label(method: request.method, url: try ParsedURL(request.url).redacted())
            self.label = label
        } catch {
            throw Label(method: request.method, url: ParsedURL.redacted(malformed: request.url))
                .error(.malformedURL, error.reason)
        }
        try Self.checkTexts(request, label)

        var host: String?
        do {
            var parsed = try ParsedURL(request.url)
            isTLS = parsed.scheme == "https"
            if isTLS, let name = request.tls.serverName {
                // libcurl takes the name for SNI and verification from the URL, and the address from CONNECT_TO. It
                // compares both before it reuses a connection.
                host = parsed.authority
                connectTo = "::\(parsed.host):\(parsed.port)"
                try parsed.setHost(name)
                url = parsed.text
            } else {
                connectTo = nil
                url = request.url
            }
        } catch {
            throw label.error(.malformedRequest, "serverName: \(error.reason)")
        }
        headerLines = try Self.headerLines(request, host: host, label)
    }

    private static func headerLines(
        _ request: HTTPRequest, host: String?, _ label: Label
    ) throws(HTTPClientError) -> [String] {
        var lines: [String] = []
        for (name, value) in request.headers.fields {
            guard isToken(name) else {
                throw label.error(.malformedRequest, "a header's name is not a token (RFC 9110 §5.1)")
            }
            // Other control characters could end the field and begin another one (RFC 9110 §5.5).
            guard value.utf8.allSatisfy({ !$0.isASCIIControl || $0 == UInt8(ascii: "\t") }) else {
                throw label.error(.malformedRequest, "header \(name): its value contains a control character")
            }
            // libcurl sends an empty field for `Name;`.
            lines.append(value.utf8.allSatisfy { $0 == 32 || $0 == 9 } ? "\(name);" : "\(name): \(value)")
        }
        if let host, request.headers["Host"] == nil { lines.append("Host: \(host)") }
        // libcurl adds these to requests with a body.
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        if request.headers["Expect"] == nil { lines.append("Expect:") }
        return lines
    }

    /// Rejects empty texts, and those with a NUL, which would end them in C.
    private static func checkTexts(_ request: HTTPRequest, _ label: Label) throws(HTTPClientError) {
        var texts = [
            ("unixSocket", request.unixSocket), ("proxy", request.proxy), ("serverName", request.tls.serverName),
        ]
        switch request.tls.trust {
        case .file(let path): texts.append(("trust file", path))
        case .directory(let path): texts.append(("trust directory", path))
        case .pem(let bytes):
            guard !bytes.isEmpty else { throw label.error(.badTLSOptions, "the trusted CA is empty") }
        case .system, .anything: break
        }
        for case (let name, let text?) in texts where text.isEmpty || text.utf8.contains(0) {
            throw label.error(.malformedRequest, "\(name) is empty or contains a NUL byte")
        }
        if let identity = request.tls.identity, identity.certificate.isEmpty || identity.key.isEmpty {
            throw label.error(.badTLSOptions, "the client certificate or its key is empty")
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
