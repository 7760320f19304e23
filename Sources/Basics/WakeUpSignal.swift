/// Wakes the one task that waits, when it is signalled or when a time has come. Signals while nobody waits are kept, as
/// one.
public final class WakeUpSignal: Sendable {
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func signal() { continuation.yield() }

    /// Returns at once when the task is cancelled.
    ///
    /// - Parameter instant: nil to wait for a signal only.
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
