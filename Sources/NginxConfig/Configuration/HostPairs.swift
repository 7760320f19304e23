package import Routing

/// The hosts of two tables side by side. Both lists are sorted by host, so one walk finds every difference: with ten thousand
/// hosts, dictionaries of them take longer than everything that is done with the one host that has changed.
package struct HostPairs: Sequence, IteratorProtocol {
    /// At least one of the two is not nil.
    package typealias Element = (old: VirtualHost?, new: VirtualHost?)

    private let old: [VirtualHost]
    private let new: [VirtualHost]
    private var (first, second) = (0, 0)

    package init(_ old: [VirtualHost], _ new: [VirtualHost]) {
        self.old = old
        self.new = new
    }

    package mutating func next() -> Element? {
        guard first < old.count else { return takeNew() }
        guard second < new.count else { return takeOld() }
        // Equality is the usual case, and faster than order.
        if old[first].host == new[second].host {
            defer { (first, second) = (first + 1, second + 1) }
            return (old[first], new[second])
        }
        return old[first].host < new[second].host ? takeOld() : takeNew()
    }

    private mutating func takeOld() -> Element? {
        defer { first += 1 }
        return (old[first], nil)
    }

    private mutating func takeNew() -> Element? {
        guard second < new.count else { return nil }
        defer { second += 1 }
        return (nil, new[second])
    }
}

extension Configuration {
    /// True if nginx does something else for a host in this configuration than in another one.
    package func isChanged(_ pair: HostPairs.Element, since old: Configuration) -> Bool {
        guard let before = pair.old, let now = pair.new else { return true }
        return before != now || old.certificates.byHost[now.host] != certificates.byHost[now.host]
            || old.table.pods(of: before) != table.pods(of: now)
    }
}
