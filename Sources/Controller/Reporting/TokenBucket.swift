/// A rate with a burst. Pure: time comes in.
struct TokenBucket: Sendable {
    let burst: Int
    /// In which one token comes back.
    let interval: Duration
    private var tokens: Double
    private var last: ContinuousClock.Instant

    init(burst: Int, interval: Duration, now: ContinuousClock.Instant) {
        self.burst = burst
        self.interval = interval
        tokens = Double(burst)
        last = now
    }

    /// When there will be a token; `now` where there is one.
    mutating func next(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        refill(now)
        return tokens >= 1 ? now : now + interval * (1 - tokens)
    }

    /// Takes one; without one, the next has to wait longer.
    mutating func take(_ now: ContinuousClock.Instant) {
        refill(now)
        tokens -= 1
    }

    mutating func isFull(_ now: ContinuousClock.Instant) -> Bool {
        refill(now)
        return tokens >= Double(burst)
    }

    private mutating func refill(_ now: ContinuousClock.Instant) {
        tokens = min(Double(burst), tokens + last.duration(to: now) / interval)
        last = now
    }
}
