internal import KubernetesAPI
internal import Synchronization

/// Whether this process is the one that writes for all. The election sets it, others ask before each write.
public final class Leadership: Sendable {
    private struct State {
        var holder: String?
        var heldUntil: ContinuousClock.Instant?
        var watchers: [@Sendable () -> Void] = []
        var followed: ClosedRange<ContinuousClock.Instant>?
        /// What follows now is another time of following.
        var hasLedSince = false

        func isHeld(at now: ContinuousClock.Instant) -> Bool { heldUntil.map { now < $0 } ?? false }
    }

    /// Of this process, in the Lease.
    public let identity: String
    private let state = Mutex(State())

    /// - Parameter identity: different in every process that takes part.
    public init(identity: String) {
        self.identity = identity
    }

    /// True only as long as nobody else can have the Lease, whatever has happened since the last renewal.
    public var isHeld: Bool {
        state.withLock { $0.isHeld(at: .now) }
    }

    /// Who had the Lease when it was last read, perhaps this process; nil when nobody has, or it cannot be read.
    public var holder: String? { state.withLock { $0.holder } }

    /// From when to when this process last saw others have the Lease, without leading itself between the two; nil where
    /// it never did. It stays as it is while this process leads, or the Lease cannot be read.
    public var followed: ClosedRange<ContinuousClock.Instant>? { state.withLock { $0.followed } }

    /// - Parameter act: called after each begin of a leadership of this process; must not block.
    public func whenGained(_ act: @escaping @Sendable () -> Void) {
        state.withLock { $0.watchers.append(act) }
    }

    /// - Returns: whether it did not lead before.
    @discardableResult
    func lead(until instant: ContinuousClock.Instant) -> Bool {
        let watchers = state.withLock { state -> [@Sendable () -> Void]? in
            let wasHeld = state.isHeld(at: .now)
            state.holder = identity
            state.heldUntil = instant
            state.hasLedSince = true
            return wasHeld ? nil : state.watchers
        }
        for watcher in watchers ?? [] { watcher() }
        return watchers != nil
    }

    /// - Returns: whether that was not known before.
    @discardableResult
    func follow(_ holder: String?) -> Bool {
        state.withLock { state in
            defer {
                state.holder = holder
                state.heldUntil = nil
            }
            if holder != nil {
                let now = ContinuousClock.now
                state.followed = (state.hasLedSince ? nil : state.followed?.lowerBound).map { $0...now } ?? now...now
                state.hasLedSince = false
            }
            return state.holder != holder
        }
    }
}
