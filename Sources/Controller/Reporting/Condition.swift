internal import Kubernetes
internal import KubernetesAPI
internal import Routing

/// Something that is so, and that who owns the Ingress should know. Equal facts are one fact: one Event.
struct Condition: Sendable, Hashable {
    /// The Event's `reason`, in the order in which the facts of one Ingress are told.
    enum Reason: String, Sendable, CaseIterable, Comparable {
        /// Which hosts it serves.
        case synced = "Synced"
        /// nginx refuses what it asks for.
        case quarantined = "Quarantined"
        case hostConflict = "HostConflict"
        case invalidRule = "InvalidRule"
        case serviceNotFound = "ServiceNotFound"
        case certificateMissing = "CertificateMissing"
        case certificateInvalid = "CertificateInvalid"
        /// Vault could not be asked for a certificate that there is none of yet.
        case certificateUnavailable = "CertificateUnavailable"

        var severity: Event.Severity { self == .synced ? .normal : .warning }

        /// How long it has to be so before it is told. Vault comes back by itself, mostly, and soon.
        var patience: Duration { self == .certificateUnavailable ? .seconds(60) : .zero }

        static func < (left: Reason, right: Reason) -> Bool { left.order < right.order }

        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The object that the condition is about.
    var owner: OwnerRef
    var uid: String
    var reason: Reason
    /// At most 1024 bytes.
    var message: String

    /// - Parameter message: cut where it is longer than an Event's may be.
    init(_ owner: OwnerRef, uid: String, _ reason: Reason, _ message: String) {
        self.owner = owner
        self.uid = uid
        self.reason = reason
        self.message = Self.cut(message)
    }

    private static func cut(_ message: String) -> String {
        guard message.utf8.count > 1024 else { return message }
        var text = message[...]
        while text.utf8.count > 1024 - "…".utf8.count {
            text = text.dropLast(max(1, (text.utf8.count - 1024) / 4))
        }
        return text + "…"
    }
}

extension Condition: Comparable {
    static func < (left: Condition, right: Condition) -> Bool {
        (left.owner, left.reason, left.message) < (right.owner, right.reason, right.message)
    }
}
