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
        let wildcards = Dictionary(
            old.table.hosts.lazy.filter { if case .wildcard = $0.host { true } else { false } }
                .map { ($0.host, $0.owner) }
        ) { first, _ in first }
        return HostPairs(old.table.hosts, new.table.hosts).compactMap { before, now in
            guard let now else { return nil }
            if let before {
                return before.owner == now.owner
                    ? nil : HostTakeover(host: now.host, from: before.owner, to: now.owner)
            }
            guard let wildcard = now.host.coveringWildcard, let owner = wildcards[wildcard],
                owner.namespace != now.owner.namespace
            else { return nil }
            return HostTakeover(host: now.host, from: owner, to: now.owner, wildcard: wildcard)
        }
    }
}
