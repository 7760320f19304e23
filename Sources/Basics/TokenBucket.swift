/// A rate limit with a burst: `burst` tokens at first, then one more per `interval`. The caller passes the time in.
package struct TokenBucket: Sendable {
    private let burst: Int
    private let interval: Duration
    private var tokens: Double
    private var last: ContinuousClock.Instant

    /// - Parameter interval: the time in which one token is added; more than zero.
    package init(burst: Int, interval: Duration, now: ContinuousClock.Instant) {
        self.burst = burst
        self.interval = interval
        tokens = Double(burst)
        last = now
    }

    /// The time at which the next token can be used; `now` if the bucket holds one.
    package mutating func next(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        refill(now)
        return tokens >= 1 ? now : now + interval * (1 - tokens)
    }

    /// Takes a token. The number of tokens goes below zero if callers take them before they can be used.
    /// - Returns: the time from which the token can be used.
    @discardableResult
    package mutating func take(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        defer { tokens -= 1 }
        return next(now)
    }

    package mutating func isFull(_ now: ContinuousClock.Instant) -> Bool {
        refill(now)
        return tokens >= Double(burst)
    }

    private mutating func refill(_ now: ContinuousClock.Instant) {
        tokens = min(Double(burst), tokens + last.duration(to: now) / interval)
        last = now
    }
}
