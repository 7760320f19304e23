public import KubernetesAPI

/// The failure of a request to the API server.
public struct KubernetesError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// The connection failed or was lost.
        case unreachable
        /// The client does not trust the server's certificate, or the server does not trust the client's.
        case untrusted
        /// A response with a status of 400 or above, or an ERROR event in a watch.
        case rejected(Status)
        /// A response that does not match the API.
        case unreadable
        /// The credentials cannot be read.
        case credentials
        case cancelled
    }

    public var code: Code
    /// One line, with method and URL.
    public var description: String
    /// The minimum wait that the server requests (`Retry-After`, or `retryAfterSeconds` of the Status).
    /// At most `maximumRetryAfter`: a proxy that answers with a day must not stop the controller for a day.
    public let retryAfter: Duration?

    static let maximumRetryAfter = Duration.seconds(60)

    public init(_ code: Code, _ description: String, retryAfter: Duration? = nil) {
        self.code = code
        self.description = description
        self.retryAfter = retryAfter.map { max(.zero, min($0, Self.maximumRetryAfter)) }
    }

    public var status: Status? {
        if case .rejected(let status) = code { status } else { nil }
    }
}
