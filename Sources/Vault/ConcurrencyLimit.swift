import Synchronization

/// At most so many at once; the others wait in the order they came.
final class ConcurrencyLimit: Sendable {
    private struct State {
        var free: Int
        /// By number of arrival, so that a cancelled one leaves without a search.
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var arrivals = 0
        /// Nobody below this number waits any more.
        var first = 0
    }

    private let state: Mutex<State>

    init(_ limit: Int) {
        state = Mutex(State(free: limit))
    }

    /// Whoever has entered must leave. Throws where the task is cancelled while it waits.
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
                    // The handler ran before there was a continuation to resume, or will run after it is stored:
                    // cancellation is set before either.
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[number] = continuation
                    // Others may have come to wait, and gone, since the number was given out.
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
