public import struct Foundation.Date

/// Why there is no (new) secret of some kind; fit for an Event.
public struct SecretProblem: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// There is none where it was looked for.
        case missing = "Missing"
        /// What is there cannot be used.
        case invalid = "Invalid"
        /// There was no answer.
        case unavailable = "Unavailable"
    }

    public var kind: Kind
    public var text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    static var noVault: SecretProblem { SecretProblem(.missing, "no Vault is configured (VAULT_ADDR)") }
}

public enum SecretState: Sendable, Equatable {
    /// Not answered yet; with what went wrong so far.
    case pending(SecretProblem?)
    case ready
    /// There is none that can be used.
    case refused(SecretProblem)
    /// The last good one is used, although nobody confirms it any more.
    case stale(since: Date, SecretProblem)

    /// The names of the states, in the order of the metrics.
    enum Name: String, CaseIterable {
        case pending, ready, refused, stale
    }

    /// The name in `/status`, the metrics and the audit log.
    public var name: String {
        let name: Name =
            switch self {
            case .pending: .pending
            case .ready: .ready
            case .refused: .refused
            case .stale: .stale
            }
        return name.rawValue
    }

    public var problem: SecretProblem? {
        switch self {
        case .pending(let problem): problem
        case .ready: nil
        case .refused(let problem), .stale(_, let problem): problem
        }
    }
}

/// What is known of one request.
public struct SecretReport<Request: SecretRequest>: Sendable, Equatable {
    public var request: Request
    public var state: SecretState
    /// What is used, if anything is.
    public var kept: Request.Kept?

    public init(request: Request, state: SecretState, kept: Request.Kept?) {
        self.request = request
        self.state = state
        self.kept = kept
    }
}
