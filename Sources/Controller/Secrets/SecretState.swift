public import Foundation

/// The reason why a secret cannot be read or used: one line, suitable for an Event.
public struct SecretProblem: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// No source has it.
        case missing = "Missing"
        /// A source has it, but it cannot be used.
        case invalid = "Invalid"
        /// A source does not answer.
        case unavailable = "Unavailable"
    }

    public var kind: Kind
    public var text: String
    /// False if the source was not reached. A denial or a failure of the source is an answer.
    public var isAnswer: Bool
    /// True if the secret in use has the problem itself: it is used because there is no other.
    public var isOfSecretInUse: Bool
    /// True if the source does not permit the read.
    public var isDenial: Bool

    public init(
        _ kind: Kind, _ text: String, isAnswer: Bool = true, isOfSecretInUse: Bool = false, isDenial: Bool = false
    ) {
        self.kind = kind
        self.text = text
        self.isAnswer = isAnswer
        self.isOfSecretInUse = isOfSecretInUse
        self.isDenial = isDenial
    }

    static var noVault: SecretProblem {
        SecretProblem(
            .missing, "the controller has no Vault (VAULT_ADDR is not set); contact the operator of the cluster")
    }
}

public enum SecretState: Sendable, Equatable {
    /// No source has answered yet. The problem is that of the last attempt.
    case pending(SecretProblem?)
    case ready
    /// No usable secret exists.
    case rejected(SecretProblem)
    /// The last good secret is used, but its source no longer confirms it.
    case stale(since: Date, SecretProblem)

    /// The names of the states, in the order of the metrics.
    enum Name: String, CaseIterable {
        case pending, ready, rejected, stale
    }

    /// The name in `/status`, the metrics and the audit log.
    public var name: String {
        let name: Name =
            switch self {
            case .pending: .pending
            case .ready: .ready
            case .rejected: .rejected
            case .stale: .stale
            }
        return name.rawValue
    }

    public var problem: SecretProblem? {
        switch self {
        case .pending(let problem): problem
        case .ready: nil
        case .rejected(let problem), .stale(_, let problem): problem
        }
    }

    /// The time since which the state is stale, as in RFC 3339.
    var staleSince: String? {
        if case .stale(let since, _) = self { since.formatted(.iso8601) } else { nil }
    }
}
