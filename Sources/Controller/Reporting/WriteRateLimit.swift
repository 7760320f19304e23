internal import Basics
internal import Synchronization

/// The rate limit of writes to the API server: 50 at once, then 20 per second. A thousand Ingresses take about a minute
/// at startup.
final class WriteRateLimit: Sendable {
    private let bucket = Mutex(TokenBucket(burst: 50, interval: .milliseconds(50), now: .now))

    /// Waits until one more write is allowed.
    ///
    /// - Returns: false when cancelled.
    func wait() async -> Bool {
        let next = bucket.withLock { $0.take(.now) }
        guard next > .now else { return !Task.isCancelled }
        return (try? await Task.sleep(until: next, clock: .continuous)) != nil
    }
}
