internal import Basics

/// The field manager under which an installation writes status. Fields that `managedFields` lists under this name were
/// written by that installation.
public struct FieldManager: Sendable, Hashable, CustomStringConvertible {
    /// The field manager for everything except status, and the prefix of each installation's own name.
    package static let program = "vault-ingress"
    /// The API server's limit, in bytes (meta/v1 PatchOptions, `fieldManager`).
    package static let maximumLength = 128

    public let description: String

    /// `vault-ingress` for the Lease of the shipped manifests, `vault-ingress-NAMESPACE/NAME` for any other.
    ///
    /// - Parameter lease: the Lease by which the installation's replicas elect a leader.
    public init(lease: ObjectKey) {
        let name = "\(Self.program)-\(lease)"
        if lease == ObjectKey(namespace: Self.program, name: Self.program) {
            description = Self.program
        } else if name.utf8.count <= Self.maximumLength {
            description = name
        } else {
            let hash = FNV1a.hash(Array(name.utf8))
            description = "\(name.prefix(Self.maximumLength - 1 - 16)).\(hash)"
        }
    }

    /// True for the name of any installation of this program. Its writes are not reported as changes.
    package static func isProgram(_ name: String) -> Bool { name == program || name.hasPrefix("\(program)-") }
}
