/// When the next reload may begin: the first change after a quiet time at once, then at most one per interval.
struct ReloadPacer {
    let interval: Duration
    private var last: ContinuousClock.Instant?

    init(interval: Duration) {
        self.interval = interval
    }

    /// Zero or less when it may begin now.
    func delay(at now: ContinuousClock.Instant) -> Duration {
        guard let last else { return .zero }
        return interval - last.duration(to: now)
    }

    mutating func didReload(at now: ContinuousClock.Instant) {
        last = now
    }

    /// How long to wait before a failed reload is tried again without a change: 1, 2, 4, 8, 16, 30, 30 s …
    static func retryDelay(afterFailures failures: Int) -> Duration {
        min(.seconds(1 << min(max(failures - 1, 0), 5)), .seconds(30))
    }

    /// How long to wait before what `nginx -t` refused is tried again without a change: 30 s, 1, 2, 4, 5, 5 min …
    static func retryDelay(afterRefusals refusals: Int) -> Duration {
        min(.seconds(30 << min(max(refusals - 1, 0), 4)), .seconds(300))
    }
}
