/// Who has how much of the places in which nginx keeps exact host names (ngx_hash.c).
///
/// A name's place is its hash modulo `server_names_hash_max_size`, and a place holds 64 KiB for all: names that are made
/// to have one hash would fill it, and nginx would refuse every configuration with one name more. So each namespace has
/// a share. By chance no namespace needs it: among 100,000 names there are hardly ten in one place.
struct ServerNameQuota {
    static let bytesPerNamespace = 4096
    /// As in the template.
    private static let places: UInt64 = 65_536

    private struct Share: Hashable {
        let namespace: String
        let place: UInt64
    }

    private var taken: [Share: Int] = [:]

    /// - Returns: whether there is room for the name in the namespace's share; then it is taken.
    mutating func take(_ host: Host, namespace: String) -> Bool {
        // Wildcards are regular expressions, the catch-all is the default server.
        guard case .exact(let name) = host else { return true }
        let share = Share(namespace: namespace, place: Self.hash(name) % Self.places)
        let sum = taken[share, default: 0] + Self.size(name)
        guard sum <= Self.bytesPerNamespace else { return false }
        taken[share] = sum
        return true
    }

    /// ngx_hash_key.
    static func hash(_ name: String) -> UInt64 { name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } }

    /// NGX_HASH_ELT_SIZE: a pointer, a length of two bytes and the name, rounded up to a pointer's size.
    private static func size(_ name: String) -> Int { 8 + (name.utf8.count + 2 + 7) / 8 * 8 }
}
