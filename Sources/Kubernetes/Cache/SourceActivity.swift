public import KubernetesAPI
internal import Synchronization

/// When a source last heard of each kind of object. A source that is silent for long may have lost its connection.
public final class SourceActivity: Sendable {
    public struct Times: Sendable, Equatable {
        /// The end of the last complete list, or the last read of the manifest folder.
        public var listed: ContinuousClock.Instant?
        /// The last watch event, including bookmarks, which the API server sends about once a minute.
        public var event: ContinuousClock.Instant?

        public init(listed: ContinuousClock.Instant? = nil, event: ContinuousClock.Instant? = nil) {
            self.listed = listed
            self.event = event
        }
    }

    private let times = Mutex<[ObjectKind: Times]>([:])

    /// Without the kinds that were never listed.
    public var current: [ObjectKind: Times] { times.withLock { $0 } }

    func listed(_ kind: ObjectKind, at now: ContinuousClock.Instant) {
        times.withLock { $0[kind, default: Times()].listed = now }
    }

    func received(_ kind: ObjectKind, at now: ContinuousClock.Instant) {
        times.withLock { $0[kind, default: Times()].event = now }
    }
}
