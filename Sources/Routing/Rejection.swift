internal import KubernetesAPI

/// Something an Ingress asked for that it does not get. The rest of the Ingress goes on.
public struct Rejection: Sendable, Equatable {
    /// As in the Events that application teams see.
    public enum Reason: Sendable, Equatable {
        /// The host belongs to an older Ingress.
        case hostConflict(owner: OwnerRef)
        /// A field's value is not valid.
        case invalidRule
        /// The Service, or its port, does not exist (yet).
        case serviceNotFound
    }

    /// The object that asked.
    public var source: OwnerRef
    /// Path of the field inside the object, as `kubectl explain` writes it, with indexes: `spec.rules[0].host`.
    public var field: String
    /// As found; may hold any character.
    public var value: String
    public var reason: Reason
    /// What was wrong or what was expected, without the value.
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

    /// The same without the object's name, for where it is known.
    public var detail: String { "\(field) \(quoted(value)): \(explanation)".onOneLine }
}

extension Rejection {
    /// With as much of the value as helps to find it.
    var short: Rejection {
        guard value.utf8.count > 256 else { return self }
        var rejection = self
        // By scalars: a character has no bound.
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
    /// Without control characters: names and keys of a folder of manifests may hold any.
    fileprivate var onOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{fffd}" : $0 }))
    }
}
