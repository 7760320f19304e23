public import KubernetesAPI

/// The namespace and name of an object, as the API server allows them: a label and a subdomain by RFC 1123, in
/// lowercase ("Object Names and IDs"). A folder of manifests may contain other names.
public struct ObjectName: Sendable, Hashable, Codable, CustomStringConvertible {
    public let key: ObjectKey

    /// - Throws: `InvalidValue` for the part that is not valid.
    public init(_ key: ObjectKey) throws(InvalidValue) {
        guard Self.isNamespace(key.namespace) else {
            throw InvalidValue(key.namespace, expected: "a namespace of lowercase letters, digits and '-', at most 63")
        }
        guard Self.isSubdomain(key.name) else {
            throw InvalidValue(key.name, expected: "a name of lowercase letters, digits, '-' and '.', at most 253")
        }
        self.key = key
    }

    public var description: String { key.description }

    public init(from decoder: any Decoder) throws { try self.init(ObjectKey(from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try key.encode(to: encoder) }

    /// True for a name that a namespace may have.
    package static func isNamespace(_ text: String) -> Bool {
        isSubdomain(text) && text.utf8.count <= 63 && !text.contains(".")
    }

    private static func isSubdomain(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                label.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
                    && !label.isEmpty && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            }
    }
}
