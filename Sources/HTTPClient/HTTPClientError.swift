/// Why a request has no answer. An answer of status 400 and above is not an error.
///
/// Never carries header values, the URL's user information or its query, where secrets may lie.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformedURL = "malformed URL"
        /// A method, header or option that cannot be sent as it is.
        case malformedRequest = "malformed request"
        case couldNotResolve = "could not resolve the name"
        case couldNotConnect = "could not connect"
        /// `connectTimeout` or `timeout` has passed.
        case timedOut = "timed out"
        /// `idleTimeout` has passed with nothing received.
        case silent = "silent"
        /// The server's certificate is not trusted, not valid now, or not for this name.
        case tlsUntrusted = "certificate not trusted"
        /// No agreement on TLS, or the server refused the client's certificate.
        case tlsFailed = "TLS failed"
        /// The request's own CA, client certificate or key cannot be used.
        case badTLSOptions = "unusable TLS options"
        /// The connection ended before the response did.
        case connectionLost = "connection lost"
        /// What came back is not HTTP.
        case badResponse = "not an HTTP response"
        case bodyTooLarge = "body too large"
        case lineTooLong = "line too long"
        /// The calling task was cancelled.
        case cancelled = "cancelled"
        /// The client was shut down.
        case shutDown = "client shut down"
        case other = "failed"
    }

    public let code: Code
    public let method: String
    /// Without user information, query and fragment.
    public let url: String
    /// What happened, as far as it is known: libcurl's words or our own.
    public let detail: String

    public init(code: Code, method: String, url: String, detail: String = "") {
        self.code = code
        self.method = method
        self.url = url
        self.detail = detail
    }

    /// The network failed, so the same request may do better later. Not so for certificates, limits and cancellation.
    public var isTransport: Bool {
        switch code {
        case .couldNotResolve, .couldNotConnect, .timedOut, .silent, .connectionLost: true
        case .malformedURL, .malformedRequest, .tlsUntrusted, .tlsFailed, .badTLSOptions, .badResponse, .bodyTooLarge,
            .lineTooLong, .cancelled, .shutDown, .other:
            false
        }
    }

    /// One line: `GET https://127.0.0.1:6443/version: certificate not trusted: self-signed certificate`.
    public var description: String {
        "\(method) \(url): \(code.rawValue)" + (detail.isEmpty ? "" : ": \(detail)")
    }
}
