public import NginxConfig

/// Which hosts two generations serve differently.
public struct HostChanges: Sendable, Equatable {
    /// Sorted, each list.
    public var added: [String]
    public var removed: [String]
    public var changed: [String]

    public init(added: [String] = [], removed: [String] = [], changed: [String] = []) {
        self.added = added
        self.removed = removed
        self.changed = changed
    }

    /// - Parameter old: what was live; nil when nothing was.
    public init(from old: ConfigurationFiles?, to new: ConfigurationFiles) {
        let before = old?.routeLines ?? [:]
        let after = new.routeLines
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        changed = after.filter { before[$0.key] != nil && before[$0.key] != $0.value }.keys.sorted()
    }

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
}
