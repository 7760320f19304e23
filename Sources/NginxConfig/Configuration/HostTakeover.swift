public import Routing

/// A host that moved from one owner to another.
public struct HostTakeover: Sendable, Hashable {
    public var host: Host
    public var from: OwnerRef
    public var to: OwnerRef
    /// The wildcard that served the requests before; nil if the host itself had the owner.
    public var wildcard: Host?

    public init(host: Host, from: OwnerRef, to: OwnerRef, wildcard: Host? = nil) {
        self.host = host
        self.from = from
        self.to = to
        self.wildcard = wildcard
    }
}

extension HostTakeover {
    /// The takeovers between two configurations, sorted by host: hosts with another owner, and new exact hosts whose
    /// requests the wildcard of another namespace served. A host that nobody served before is none.
    ///
    /// - Parameter old: nil if nothing was served.
    public static func list(from old: Configuration?, to new: Configuration) -> [HostTakeover] {
        guard let old else { return [] }
        let before = Dictionary(old.table.hosts.map { ($0.host, $0.owner) }) { first, _ in first }
        // The hosts of a table are sorted.
        return new.table.hosts.compactMap { host in
            if let owner = before[host.host] {
                return owner == host.owner ? nil : HostTakeover(host: host.host, from: owner, to: host.owner)
            }
            guard let wildcard = host.host.coveringWildcard, let owner = before[wildcard],
                owner.namespace != host.owner.namespace
            else { return nil }
            return HostTakeover(host: host.host, from: owner, to: host.owner, wildcard: wildcard)
        }
    }
}
