internal import Basics
internal import KubernetesAPI

/// A field of an object that is rejected. The rest of the object applies.
public struct Rejection: Sendable, Equatable {
    /// The kind of rejection, from which the reason of the Event follows.
    public enum Reason: Sendable, Equatable {
        /// An older Ingress owns the host.
        case hostConflict(owner: OwnerRef)
        /// The value of the field is not valid.
        case invalidRule
        /// The Service, or its port, does not exist (yet).
        case serviceNotFound
        /// Another controller's annotation protects the hosts, which are closed.
        case hostClosed
        /// The host policy does not permit the claim.
        case hostNotAllowed
        /// A budget of the installation or of the namespace is used up by older Ingresses.
        case quotaExceeded(QuotaExcess)
    }

    /// The object with the field.
    public var source: OwnerRef
    /// The path of the field as in `kubectl explain`, with indexes: `spec.rules[0].host`.
    public var field: String
    /// As found; may contain any character.
    public var value: String
    public var reason: Reason
    /// What was expected, and what applies instead; without the value.
    public var explanation: String

    public init(source: OwnerRef, field: String, value: String, reason: Reason, explanation: String) {
        self.source = source
        self.field = field
        self.value = value
        self.reason = reason
        self.explanation = explanation
    }
}

extension Rejection: CustomStringConvertible {
    /// One line: `Ingress shop/web: spec.rules[0].host "a_b": expected only letters, …`
    public var description: String { "\(source.qualified): ".onOneLine + detail }

    /// Equal for as long as the condition lasts: without what a budget is used for, which any change may change.
    public var condition: String {
        guard case .quotaExceeded(let excess) = reason else { return description }
        return "\(source) \(field) \(value) \(excess.flag)"
    }

    /// One line without the name of the object.
    public var detail: String { "\(field) \(quoted(value)): \(explanation)".onOneLine }
}

extension Rejection {
    /// The rejection with at most the first 256 bytes of the value.
    var short: Rejection {
        guard value.utf8.count > 256 else { return self }
        var rejection = self
        // By scalars: a character has no maximum length.
        var left = 256
        let start = value.unicodeScalars.prefix { scalar in
            left -= UTF8.width(scalar)
            return left >= 0
        }
        rejection.value = String(start) + "…"
        return rejection
    }
}

extension String {
    /// Control characters replaced: names and keys in a folder of manifests may contain any.
    fileprivate var onOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{fffd}" : $0 }))
    }
}
