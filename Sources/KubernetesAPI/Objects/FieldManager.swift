internal import Basics

/// The name under which one installation writes status: what stands in `managedFields` under it, that installation wrote.
public struct FieldManager: Sendable, Hashable, CustomStringConvertible {
    /// The name under which every installation writes all else, and the start of each one's own.
    package static let program = "vault-ingress"
    /// Of the API server, in bytes (meta/v1 PatchOptions, `fieldManager`).
    package static let maximum = 128

    public let description: String

    /// `vault-ingress`, or `vault-ingress-NAMESPACE/NAME` of any Lease but the shipped one.
    ///
    /// - Parameter lease: what the installation's replicas agree by.
    public init(lease: ObjectKey) {
        let name = "\(Self.program)-\(lease)"
        if lease == ObjectKey(namespace: Self.program, name: Self.program) {
            description = Self.program
        } else if name.utf8.count <= Self.maximum {
            description = name
        } else {
            let hash = FNV1a.hash(Array(name.utf8))
            description = "\(name.prefix(Self.maximum - 1 - 16)).\(hash)"
        }
    }

    /// Whether the name is an installation's of this program: its own writes are nobody's change.
    package static func isProgram(_ name: String) -> Bool { name == program || name.hasPrefix("\(program)-") }
}
