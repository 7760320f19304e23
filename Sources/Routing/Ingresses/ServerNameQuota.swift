/// The quota of each namespace for host names with one hash in nginx.
///
/// nginx looks for a number of buckets in which no bucket exceeds `server_names_hash_bucket_size` (ngx_hash_init). Names
/// with one hash are in one bucket whatever that number is: if they exceed the size, nginx tries every number up to
/// `server_names_hash_max_size` in vain, at each test and each reload. The template's sizes have room for the quotas of
/// seven namespaces that conspire, and limit the search to some milliseconds if there are more of them. Names that share a
/// bucket for some numbers only cost one more attempt each. By chance, no two of 100,000 names have one hash.
struct ServerNameQuota {
    static let bytesPerNamespace = 1024

    private struct Hash: Hashable {
        let namespace: String
        let value: UInt64
    }

    private var taken: [Hash: Int] = [:]

    /// Takes the bytes of a name.
    ///
    /// - Returns: false if the quota of the namespace does not suffice; then nothing is taken.
    mutating func take(_ host: Host, namespace: String) -> Bool {
        // Wildcards are regular expressions, the catch-all is the default server.
        guard case .exact(let name) = host else { return true }
        let hash = Hash(namespace: namespace, value: Self.hash(name))
        let sum = taken[hash, default: 0] + Self.size(name)
        guard sum <= Self.bytesPerNamespace else { return false }
        taken[hash] = sum
        return true
    }

    /// ngx_hash_key.
    static func hash(_ name: String) -> UInt64 { name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } }

    /// NGX_HASH_ELT_SIZE: a pointer, a length of two bytes and the name, rounded up to a pointer's size.
    private static func size(_ name: String) -> Int { 8 + (name.utf8.count + 2 + 7) / 8 * 8 }
}
