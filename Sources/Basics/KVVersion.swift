/// Identifies one version of a secret in KV 2. The number is not enough: a secret that was deleted with its metadata and
/// then created again starts at version 1.
public struct KVVersion: Sendable, Hashable, Codable {
    public var number: Int
    /// `created_time`, as Vault writes it. Only for comparison.
    public var created: String

    public init(number: Int, created: String) {
        self.number = number
        self.created = created
    }
}
