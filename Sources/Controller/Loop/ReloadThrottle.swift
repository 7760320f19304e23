internal import ServiceLifecycle

/// Keeps the minimum time between two reloads. The first change after a quiet period is applied at once.
struct ReloadThrottle {
    let interval: Duration
    private var last: ContinuousClock.Instant?

    init(interval: Duration) {
        self.interval = interval
    }

    /// The wait until the next reload may begin; zero or less if it may begin now.
    func delay(at now: ContinuousClock.Instant) -> Duration {
        guard let last else { return .zero }
        return interval - last.duration(to: now)
    }

    mutating func didReload(at now: ContinuousClock.Instant) {
        last = now
    }

    /// Waits until the next reload may begin.
    ///
    /// - Returns: false at shutdown.
    func wait() async -> Bool {
        let delay = delay(at: .now)
        if delay > .zero { try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) } }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }
}
