internal import ServiceLifecycle

/// Paces the passes. The first change after a quiet period is processed at once.
///
/// A tenant who changes an object without end could otherwise keep the loop busy with passes that change nothing in
/// nginx. Such passes take at most a fifth of the time.
struct PassThrottle {
    /// The minimum time between two reloads, and the longest pause after a pass without one.
    let interval: Duration
    private var next: ContinuousClock.Instant?

    init(interval: Duration) {
        self.interval = interval
    }

    /// The wait until the next pass may begin; zero or less if it may begin now.
    func delay(at now: ContinuousClock.Instant) -> Duration {
        next.map { now.duration(to: $0) } ?? .zero
    }

    /// After a reload or an attempt.
    mutating func didReload(at now: ContinuousClock.Instant) {
        postpone(until: now + interval)
    }

    /// After any pass.
    mutating func didPass(from began: ContinuousClock.Instant, to now: ContinuousClock.Instant) {
        postpone(until: now + min(interval, began.duration(to: now) * 4))
    }

    private mutating func postpone(until instant: ContinuousClock.Instant) {
        next = next.map { max($0, instant) } ?? instant
    }

    /// Waits until the next pass may begin.
    ///
    /// - Returns: false at shutdown.
    func wait() async -> Bool {
        let delay = delay(at: .now)
        if delay > .zero { try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) } }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }
}
