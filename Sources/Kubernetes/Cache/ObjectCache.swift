public import Basics
public import KubernetesAPI
internal import Synchronization

/// The objects that a source has read. Sources write to it, and the reconciliation loop reads from it; neither waits
/// for the other.
///
/// Changes that have not been taken are merged by object: an object that is added and then deleted has no change, one
/// that is deleted and then added is modified.
public final class ObjectCache: Sendable {
    struct State {
        var snapshot = Snapshot()
        var changes: [ChangeKey: Change] = [:]
        var synced: Set<ObjectKind> = []
        var endpointsWanted: Set<ObjectKey> = []
    }

    struct ChangeKey: Hashable {
        var kind: ObjectKind
        var key: ObjectKey
    }

    private let state = Mutex(State())
    private let kinds: Set<ObjectKind>
    private let demand: AsyncStream<Set<ObjectKey>>.Continuation

    /// Signalled when `take` has changes to return, or when another kind is synced.
    public let changed: WakeUpSignal
    /// The Services whose EndpointSlices are wanted: one element per change of the set. For a single consumer.
    let endpointDemand: AsyncStream<Set<ObjectKey>>

    /// - Parameters:
    ///   - kinds: the cache is synced when each of these kinds has been read once.
    ///   - changed: may be shared with other sources that the consumer waits for.
    public init(kinds: Set<ObjectKind> = ObjectKind.always, changed: WakeUpSignal = WakeUpSignal()) {
        self.kinds = kinds
        self.changed = changed
        (endpointDemand, demand) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Performs a write: one step under the lock, then one signal if there are changes for the consumer.
    func write(_ change: (inout State) -> Void) {
        let hasChanged = state.withLock { state in
            let synced = state.synced
            change(&state)
            return !state.changes.isEmpty || state.synced != synced
        }
        if hasChanged { changed.signal() }
    }

    /// Selects the Services whose EndpointSlices the source reads. A folder of manifests is always read completely.
    public func want(endpointsOf services: Set<ObjectKey>) {
        state.withLock { state in
            guard services != state.endpointsWanted else { return }
            state.endpointsWanted = services
            demand.yield(services)
        }
    }

    /// True when EndpointSlices have been read once, or if none are wanted.
    public var hasWantedEndpoints: Bool {
        state.withLock { $0.endpointsWanted.isEmpty || $0.synced.contains(.endpointSlice) }
    }

    /// True when the first list of every kind has been processed.
    public var isSynced: Bool { state.withLock { $0.synced.isSuperset(of: kinds) } }

    /// The current state. Changes stay until they are taken.
    public var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// Returns the current state and the changes since the last call.
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
