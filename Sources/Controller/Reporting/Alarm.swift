/// Wakes the one task that waits, when somebody rings or when a time has come. Rings while nobody waits are kept, as one.
final class Alarm: Sendable {
    private let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() {
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { bell.yield() }

    /// - Parameter instant: nil to wait for a ring only.
    func wait(until instant: ContinuousClock.Instant?) async {
        await withTaskGroup(of: Void.self) { group in
            if let instant {
                group.addTask {
                    guard (try? await Task.sleep(until: instant, clock: .continuous)) != nil else { return }
                    self.ring()
                }
            }
            var iterator = rings.makeAsyncIterator()
            await iterator.next(isolation: nil)
            group.cancelAll()
        }
    }
}
