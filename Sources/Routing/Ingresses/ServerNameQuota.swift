/// The quota of each namespace in the buckets of nginx's hash table of exact host names (ngx_hash.c).
///
/// The bucket of a name is its hash modulo `server_names_hash_max_size`, and a bucket has 64 KiB. Names that are chosen
/// to have one hash would fill it, and nginx would reject every configuration with one name more. By chance no
/// namespace reaches the quota: of 100,000 names, at most about ten are in one bucket.
struct ServerNameQuota {
    static let bytesPerNamespace = 4096
    /// `server_names_hash_max_size` in the template.
    private static let buckets: UInt64 = 65_536

    private struct Bucket: Hashable {
        let namespace: String
        let number: UInt64
    }

    private var taken: [Bucket: Int] = [:]

    /// Takes the bytes of a name.
    ///
    /// - Returns: false if the quota of the namespace does not suffice; then nothing is taken.
    mutating func take(_ host: Host, namespace: String) -> Bool {
        // Wildcards are regular expressions, the catch-all is the default server.
        guard case .exact(let name) = host else { return true }
        let bucket = Bucket(namespace: namespace, number: Self.hash(name) % Self.buckets)
        let sum = taken[bucket, default: 0] + Self.size(name)
        guard sum <= Self.bytesPerNamespace else { return false }
        taken[bucket] = sum
        return true
    }

    /// ngx_hash_key.
    static func hash(_ name: String) -> UInt64 { name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } }

    /// NGX_HASH_ELT_SIZE: a pointer, a length of two bytes and the name, rounded up to a pointer's size.
    private static func size(_ name: String) -> Int { 8 + (name.utf8.count + 2 + 7) / 8 * 8 }
}
