/// The time until a source of secrets is read again. Pure functions.
enum RefreshDelay {
    /// The longest wait for a secret that is missing or rejected. A change of the Ingress ends it.
    static let longestBackoff = Duration.seconds(600)
    /// The longest wait for a secret whose place another secret takes.
    static let longestProbe = Duration.seconds(86400)
    /// The reads in each interval that look for secrets whose place another secret takes.
    static let probesPerInterval = 2

    /// 80 to 100 % of the interval, so that secrets that were read together drift apart.
    static func next(interval: Duration, random: Double) -> Duration { interval * (0.8 + 0.2 * random) }

    /// The wait after reads in a row that found no usable secret: twice as long after each, up to 10 minutes. The random
    /// part is that of `next`.
    ///
    /// | reads | 1 | 2 | 3 | 4 | 5 … |
    /// |---|---|---|---|---|---|
    /// | delay at 60 s | 1 min | 2 min | 4 min | 8 min | 10 min |
    static func afterRejections(_ reads: Int, interval: Duration, random: Double) -> Duration {
        let backoff = interval * Double(1 << min(max(reads - 1, 0), 20))
        return next(interval: min(backoff, max(longestBackoff, interval)), random: random)
    }

    /// The wait before the next look for a secret whose place another one takes, as a wildcard certificate takes the
    /// place of those of its hosts. All these looks together are a few reads in each interval.
    ///
    /// | hosts of wildcard certificates | 1, 2 | 20 | 100 | 2880 … |
    /// |---|---|---|---|---|
    /// | delay at 60 s | 1 min | 10 min | 50 min | 24 h |
    static func ofProbe(among probes: Int, interval: Duration, random: Double) -> Duration {
        let all = interval * (Double(max(probes, probesPerInterval)) / Double(probesPerInterval))
        return next(interval: min(all, max(longestProbe, interval)), random: random)
    }
}
