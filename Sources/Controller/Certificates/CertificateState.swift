public import Kubernetes
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// Whose certificate it is.
public enum CertificateSubject: Sendable, Hashable, Comparable, CustomStringConvertible {
    case host(Host)
    /// The default certificate, for names that nobody claims.
    case unknownNames

    public var description: String {
        switch self {
        case .host(let host): "\(host)"
        case .unknownNames: "default certificate"
        }
    }

    public static func < (left: CertificateSubject, right: CertificateSubject) -> Bool {
        switch (left, right) {
        case (.host(let left), .host(let right)): left < right
        case (.host, .unknownNames): true
        default: false
        }
    }
}

/// A certificate that is wanted, and where to look for it.
public struct CertificateRequest: Sendable, Equatable {
    public var subject: CertificateSubject
    /// The Ingress that asks; nil for the default certificate.
    public var owner: ObjectKey?
    /// In Vault, in the order they are tried.
    public var paths: [String]

    public init(subject: CertificateSubject, owner: ObjectKey?, paths: [String]) {
        self.subject = subject
        self.owner = owner
        self.paths = paths
    }
}

/// Why there is no (new) certificate; fit for an Event.
public struct CertificateProblem: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// There is none where it was looked for.
        case missing = "CertificateMissing"
        /// What is there cannot be used.
        case invalid = "CertificateInvalid"
        /// Vault did not give an answer.
        case unavailable = "CertificateUnavailable"
    }

    public var kind: Kind
    public var text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

public enum CertificateState: Sendable, Equatable {
    /// Not answered yet; with what went wrong so far.
    case pending(CertificateProblem?)
    case ready
    /// There is none that can be used.
    case refused(CertificateProblem)
    /// The last good one is served, although Vault does not confirm it any more.
    case stale(since: Date, CertificateProblem)

    /// As `/status` and the metrics write it.
    public var name: String {
        switch self {
        case .pending: "pending"
        case .ready: "ready"
        case .refused: "refused"
        case .stale: "stale"
        }
    }

    public var problem: CertificateProblem? {
        switch self {
        case .pending(let problem): problem
        case .ready: nil
        case .refused(let problem), .stale(_, let problem): problem
        }
    }
}

/// What is known of one wanted certificate.
public struct CertificateReport: Sendable, Equatable {
    public var subject: CertificateSubject
    public var owner: ObjectKey?
    public var state: CertificateState
    /// What is served, if anything is.
    public var certificate: ServedCertificate?
}
