public import NginxConfig
internal import Routing

/// The takeovers that are reported: those of the last hour, as long as the new owner has the host.
struct TakeoverHistory {
    /// The time for which the API server keeps an Event.
    static let memory = 3600.0
    /// The newest that are kept.
    static let maximum = 1000

    private(set) var entries: [RecordedTakeover] = []

    /// Adds the takeovers of an applied configuration.
    ///
    /// - Parameter time: in seconds since 1970.
    mutating func add(_ takeovers: [HostTakeover], at time: Double) {
        entries += takeovers.map { RecordedTakeover(takeover: $0, time: time) }
        entries.removeFirst(max(0, entries.count - Self.maximum))
    }

    /// Removes those that are too old, or whose host has moved on.
    mutating func prune(_ served: RoutingTable, now: Double) {
        guard !entries.isEmpty else { return }
        let owners = Dictionary(served.hosts.map { ($0.host, $0.owner) }) { first, _ in first }
        entries.removeAll { now - $0.time > Self.memory || owners[$0.takeover.host] != $0.takeover.to }
    }
}

/// A takeover and when it was applied.
public struct RecordedTakeover: Sendable, Hashable {
    public var takeover: HostTakeover
    /// Seconds since 1970.
    public var time: Double

    public init(takeover: HostTakeover, time: Double) {
        self.takeover = takeover
        self.time = time
    }
}
