internal import Kubernetes
internal import KubernetesAPI
internal import Routing

/// A condition of an object that is reported to its owner. Equal conditions are one condition, with one Event.
struct Condition: Sendable, Hashable {
    /// The object that the condition is about.
    var owner: OwnerRef
    var uid: String
    var reason: EventReason
    /// At most 1024 bytes.
    var message: String

    /// - Parameter message: truncated to the length that an Event may have.
    init(_ owner: OwnerRef, uid: String, _ reason: EventReason, _ message: String) {
        self.owner = owner
        self.uid = uid
        self.reason = reason
        self.message = Self.truncated(message)
    }

    private static func truncated(_ message: String) -> String {
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
