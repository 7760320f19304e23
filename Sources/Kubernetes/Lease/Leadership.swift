internal import KubernetesAPI
internal import Synchronization

/// The holder of the Lease, as this process knows it. The election sets it; the writers of Events and status check it
/// before each write.
public final class Leadership: Sendable {
    private struct State {
        var holder: String?
        var heldUntil: ContinuousClock.Instant?
        var observers: [@Sendable () -> Void] = []
        var heldByOthers: ClosedRange<ContinuousClock.Instant>?
        /// This process has held the Lease after `heldByOthers`.
        var hasHeldSince = false

        func isHeld(at now: ContinuousClock.Instant) -> Bool { heldUntil.map { now < $0 } ?? false }
    }

    /// The name of this process in the Lease.
    public let identity: String
    private let state = Mutex(State())

    /// - Parameter identity: unique among the processes that take part in the election.
    public init(identity: String) {
        self.identity = identity
    }

    /// True while this process holds the Lease and no other process can acquire it.
    public var isHeld: Bool {
        state.withLock { $0.isHeld(at: .now) }
    }

    /// The holder of the Lease when it was last read or written, which may be this process; nil if it has no holder or
    /// cannot be read.
    public var holder: String? { state.withLock { $0.holder } }

    /// The last period in which this process saw only others hold the Lease; nil if it never did. It does not change
    /// while this process holds the Lease, or while the Lease cannot be read.
    public var heldByOthers: ClosedRange<ContinuousClock.Instant>? { state.withLock { $0.heldByOthers } }

    /// - Parameter act: is called each time that this process acquires the Lease; must not block.
    public func whenAcquired(_ act: @escaping @Sendable () -> Void) {
        state.withLock { $0.observers.append(act) }
    }

    /// Records that this process holds the Lease until `instant`.
    /// - Returns: true if it did not hold the Lease before.
    @discardableResult
    func hold(until instant: ContinuousClock.Instant) -> Bool {
        let observers = state.withLock { state -> [@Sendable () -> Void]? in
            let wasHeld = state.isHeld(at: .now)
            state.holder = identity
            state.heldUntil = instant
            state.hasHeldSince = true
            return wasHeld ? nil : state.observers
        }
        for observer in observers ?? [] { observer() }
        return observers != nil
    }

    /// Records that this process does not hold the Lease, and who does.
    /// - Returns: true if the holder has changed.
    @discardableResult
    func setHolder(_ holder: String?) -> Bool {
        state.withLock { state in
            defer {
                state.holder = holder
                state.heldUntil = nil
            }
            if holder != nil {
                let now = ContinuousClock.now
                let start = state.hasHeldSince ? now : state.heldByOthers?.lowerBound ?? now
                state.heldByOthers = start...now
                state.hasHeldSince = false
            }
            return state.holder != holder
        }
    }
}
