import Synchronization

/// A limit for the number of concurrent operations. Callers above the limit wait in the order of arrival.
final class ConcurrencyLimit: Sendable {
    private struct State {
        var free: Int
        /// The waiting callers by arrival number.
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var arrivals = 0
        /// No caller with a lower arrival number waits.
        var first = 0
    }

    private let state: Mutex<State>

    init(_ limit: Int) {
        state = Mutex(State(free: limit))
    }

    /// Waits for a free slot, which the caller must release with `leave`. Throws if the task is cancelled.
    func enter() async throws(VaultError) {
        let number = state.withLock { state -> Int? in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.arrivals += 1
            return state.arrivals
        }
        guard let number else { return }
        let entered = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Bool? in
                    // Race with `onCancel`: it runs either before the continuation is stored, then the task is already
                    // cancelled here, or after it is stored, then it finds the continuation.
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[number] = continuation
                    // `leave` may have advanced `first` beyond this number since it was assigned.
                    state.first = min(state.first, number)
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
        }
        if !entered { throw .cancelled }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            while state.first <= state.arrivals {
                if let next = state.waiting.removeValue(forKey: state.first) { return next }
                if state.waiting.isEmpty { break }
                state.first += 1
            }
            state.free += 1
            return nil
        }
        next?.resume(returning: true)
    }
}
