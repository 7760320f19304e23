/// A rate with a burst: `VAULT_RATE_LIMIT`.
struct TokenBucket {
    private let limit: VaultConfiguration.RateLimit
    private var tokens: Double
    private var last: Duration

    init(_ limit: VaultConfiguration.RateLimit, now: Duration) {
        self.limit = limit
        tokens = Double(limit.burst)
        last = now
    }

    /// Takes one, and says how long to wait before using it. Below zero lie those that wait already.
    mutating func take(now: Duration) -> Duration {
        tokens = min(Double(limit.burst), tokens + (now - last) / .seconds(1) * limit.perSecond) - 1
        last = now
        return tokens >= 0 ? .zero : .seconds(-tokens / limit.perSecond)
    }
}
