public import KubernetesAPI

/// Why a request to the API server brought no usable answer.
public struct KubernetesError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// No connection, or it was lost.
        case unreachable
        /// The server's certificate is not accepted, or it does not accept ours.
        case untrusted
        /// An answer with a status of 400 or above, or an ERROR event in a watch.
        case refused(Status)
        /// An answer that is not what the API promises.
        case unreadable
        /// There are no credentials to send.
        case credentials
        case cancelled
    }

    public var code: Code
    /// One line for people, with method and URL.
    public var description: String
    /// What the server asked for (`Retry-After`, or `retryAfterSeconds` of the Status).
    public var retryAfter: Duration?

    public init(_ code: Code, _ description: String, retryAfter: Duration? = nil) {
        self.code = code
        self.description = description
        self.retryAfter = retryAfter
    }

    public var status: Status? {
        if case .refused(let status) = code { status } else { nil }
    }
}
