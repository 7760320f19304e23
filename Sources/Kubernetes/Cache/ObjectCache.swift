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
        /// The EndpointSlices of Services whose endpoints are not wanted. Keeping them costs little memory, and a Service
        /// that becomes wanted needs no request: one watch serves all Services and is never restarted for one of them.
        var spare = Snapshot()
        var changes: [ChangeKey: Change] = [:]
        /// The namespaces of `changes`, and those of changes that were undone.
        var changedNamespaces: Set<String> = []
        /// Another kind was synced, or objects have disappeared.
        var isUrgent = false
        var pendingSince: ContinuousClock.Instant?
        var synced: Set<ObjectKind> = []
        var endpointsWanted: Set<ObjectKey> = []
        /// The Services in use; nil while this is not known.
        var servicesWanted: Set<ObjectKey>?
        /// The changes of Services that were not in use, since the last `take`. They become changes if the consumer turns
        /// out to need them: it has not seen them.
        var unwantedChanges: [ChangeKey: Change] = [:]
        var kept = KeptObjects()
        let policy: DisappearancePolicy
        /// The time of the current write.
        var now: ContinuousClock.Instant
    }

    struct ChangeKey: Hashable {
        var kind: ObjectKind
        var key: ObjectKey
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let kinds: Set<ObjectKind>
    private let demand: AsyncStream<Void>.Continuation

    /// Signalled when `take` has changes to return, when another kind is synced, or when objects disappear. For a single
    /// consumer.
    public let changed = WakeUpSignal()
    /// Has an element when the EndpointSlices of a Service are wanted for the first time. For a single consumer.
    let endpointDemand: AsyncStream<Void>
    /// When the source last heard of each kind.
    public let activity = SourceActivity()

    /// - Parameters:
    ///   - kinds: the cache is synced when each of these kinds has been read once.
    ///   - policy: the rule for a sudden loss of objects.
    public init(
        kinds: Set<ObjectKind> = ObjectKind.always, policy: DisappearancePolicy = .off,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.kinds = kinds
        self.now = now
        state = Mutex(State(policy: policy, now: now()))
        (endpointDemand, demand) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Performs a write: one step under the lock, then one signal if there are changes for the consumer.
    func write(_ change: (inout State) -> Void) {
        let hasChanged = state.withLock { state in
            let (synced, kept) = (state.synced, state.kept)
            state.now = now()
            change(&state)
            if state.changes.isEmpty {
                state.pendingSince = nil
            } else if state.pendingSince == nil {
                state.pendingSince = .now
            }
            if state.synced != synced || state.kept != kept { state.isUrgent = true }
            return !state.changes.isEmpty || state.isUrgent
        }
        if hasChanged { changed.signal() }
    }

    /// Selects the Services whose EndpointSlices the snapshot contains. The source reads EndpointSlices from the first
    /// time on that some are wanted.
    ///
    /// - Returns: true if the snapshot has slices now that the last one did not have.
    @discardableResult
    public func want(endpointsOf services: Set<ObjectKey>) -> Bool {
        var hasMore = false
        write { state in
            guard services != state.endpointsWanted else { return }
            state.endpointsWanted = services
            hasMore = state.moveSlices()
            if !services.isEmpty { demand.yield() }
        }
        return hasMore
    }

    /// Selects the Services whose changes are reported; before the first call, all are. A cluster has many Services that
    /// no Ingress names, and changes of those are only stored.
    ///
    /// - Parameter services: all that the state of the last `take` refers to, whether they exist or not.
    public func want(services: Set<ObjectKey>) {
        write { state in
            guard services != state.servicesWanted else { return }
            state.servicesWanted = services
            for (key, change) in state.unwantedChanges where services.contains(key.key) { state.report(key, change) }
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

    /// What `take` has to return.
    public struct Pending: Sendable {
        /// The namespaces of the changed objects; empty for a class.
        public var namespaces: Set<String>
        /// There is more than changes of objects: another kind was synced, or objects have disappeared.
        public var isUrgent: Bool
    }

    public var pending: Pending {
        state.withLock {
            Pending(namespaces: $0.changes.isEmpty ? [] : $0.changedNamespaces, isUrgent: $0.isUrgent)
        }
    }

    /// The time of the oldest change that has not been taken; nil if all have been taken.
    public var pendingSince: ContinuousClock.Instant? { state.withLock(\.pendingSince) }

    /// The objects that are kept although their source no longer has them.
    public var disappearances: [Disappearance] { state.withLock { $0.kept.list } }

    /// When `take` has changes to return because kept objects expire; nil if none are kept.
    public var nextExpiry: ContinuousClock.Instant? { state.withLock { $0.kept.next } }

    public var disappearanceGrace: Duration { state.withLock { $0.policy.grace } }

    /// Returns the current state and the changes since the last call.
    public func take() -> (snapshot: Snapshot, changes: [Change]) {
        state.withLock { state in
            state.pendingSince = nil
            state.now = now()
            state.expire()
            let changes = state.changes.values.sorted {
                ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key)
            }
            state.changes = [:]
            state.changedNamespaces = []
            state.unwantedChanges = [:]
            state.isUrgent = false
            return (state.snapshot, changes)
        }
    }
}
