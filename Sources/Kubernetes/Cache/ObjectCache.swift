internal import Synchronization

/// What a source has read so far. Sources write, the controller's loop takes; the two never wait for each other.
///
/// Changes that arrive before the loop takes them are merged by object: added then deleted is nothing at all,
/// deleted then added is a modification.
public final class ObjectCache: Sendable {
    struct State {
        var snapshot = Snapshot()
        var changes: [ChangeKey: Change] = [:]
        var synced: Set<ObjectKind> = []
    }

    struct ChangeKey: Hashable {
        var kind: ObjectKind
        var key: ObjectKey
    }

    private let state = Mutex(State())
    private let kinds: Set<ObjectKind>
    private let wakeup: AsyncStream<Void>.Continuation

    /// One element after each change of the cache, several changes may share one. For a single consumer.
    public let news: AsyncStream<Void>

    /// - Parameter kinds: what must be read once before the cache is synced.
    public init(kinds: Set<ObjectKind> = Set(ObjectKind.allCases)) {
        self.kinds = kinds
        (news, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// All writing goes through here: one step under the lock, then one wake-up.
    /// - Parameter change: returns whether it is news.
    func write(_ change: (inout State) -> Bool) {
        if state.withLock({ change(&$0) }) { wakeup.yield() }
    }

    /// Whether the initial list of every kind has been *processed*.
    public var isSynced: Bool { state.withLock { $0.synced.isSuperset(of: kinds) } }

    /// The present state; what changed stays to be taken.
    public var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// The present state, and what changed since the last call.
    public func take() -> (snapshot: Snapshot, changes: [Change]) {
        state.withLock { state in
            let changes = state.changes.values.sorted {
                ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key)
            }
            state.changes = [:]
            return (state.snapshot, changes)
        }
    }
}
