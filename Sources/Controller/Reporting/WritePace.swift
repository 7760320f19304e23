internal import Basics
internal import Synchronization

/// Spreads writes to the API server: 50 at once, and then 20 a second. A thousand Ingresses take a minute at the start.
final class WritePace: Sendable {
    private let bucket = Mutex(TokenBucket(burst: 50, interval: .milliseconds(50), now: .now))

    /// Waits until one more is allowed.
    /// - Returns: false when cancelled.
    func wait() async -> Bool {
        let next = bucket.withLock { $0.take(.now) }
        guard next > .now else { return !Task.isCancelled }
        return (try? await Task.sleep(until: next, clock: .continuous)) != nil
    }
}
