/// A signal that wakes one waiting task, with an optional deadline. Signals that arrive while no task waits are kept as
/// one.
///
/// The single consumer either calls `wait` or iterates over the signals.
public final class WakeUpSignal: Sendable {
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func signal() { continuation.yield() }

    /// Waits for a signal or for the deadline. Returns immediately when the task is cancelled.
    ///
    /// - Parameter instant: the deadline; nil for none.
    public func wait(until instant: ContinuousClock.Instant? = nil) async {
        await withTaskGroup(of: Void.self) { group in
            if let instant {
                group.addTask {
                    guard (try? await Task.sleep(until: instant, clock: .continuous)) != nil else { return }
                    self.signal()
                }
            }
            var iterator = signals.makeAsyncIterator()
            await iterator.next(isolation: nil)
            group.cancelAll()
        }
    }
}

extension WakeUpSignal: AsyncSequence {
    public func makeAsyncIterator() -> AsyncStream<Void>.Iterator { signals.makeAsyncIterator() }
}
