/// The failure of a request. A response with a status of 400 or above is not an error.
///
/// Never contains header values, or the URL's user information and query: they may be secrets.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformedURL = "malformed URL"
        /// An invalid method, header or option.
        case malformedRequest = "malformed request"
        case couldNotResolve = "could not resolve name"
        case couldNotConnect = "could not connect"
        /// `connectTimeout` or `timeout` has passed.
        case timedOut = "timed out"
        /// `idleTimeout` has passed without data.
        case idleTimedOut = "idle timeout"
        /// The server's certificate is not trusted, has expired, or is for another name.
        case tlsUntrusted = "certificate not trusted"
        /// The handshake failed, or the server rejected the client certificate.
        case tlsFailed = "TLS failed"
        /// The CA, client certificate or key of the request cannot be used.
        case badTLSOptions = "unusable TLS options"
        /// The connection was closed before the end of the response.
        case connectionLost = "connection lost"
        /// The response is not HTTP.
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
    /// A description of the failure, from libcurl or this client; may be empty.
    public let detail: String

    public init(code: Code, method: String, url: String, detail: String = "") {
        self.code = code
        self.method = method
        self.url = url
        self.detail = detail
    }

    /// True for failures of the network, after which a retry may succeed.
    public var isTransport: Bool {
        switch code {
        case .couldNotResolve, .couldNotConnect, .timedOut, .idleTimedOut, .connectionLost: true
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
