internal import Basics
internal import Synchronization

/// The limit for the refreshes of this replica, over all kinds of secrets: at most 20 reads a second, which take about
/// 1 % of a core. With more secrets than that in one interval, the interval is stretched.
final class RefreshPace: Sendable {
    private let state: Mutex<RefreshBudget>

    init(interval: Duration) {
        state = Mutex(RefreshBudget(interval: interval, now: .now))
    }

    /// The longest time until a secret in use is read again.
    var interval: Duration { state.withLock(\.interval) }

    /// Sets how many sources of one kind are read in each interval.
    func set(_ sources: Int, of kind: String) { state.withLock { $0.sources[kind] = sources } }

    /// - Returns: false if the read has to wait until `next`.
    func take(_ now: ContinuousClock.Instant) -> Bool { state.withLock { $0.take(now) } }

    /// The time at which the next reads may begin.
    func next(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant { state.withLock { $0.next(now) } }
}

/// The pure part of `RefreshPace`.
struct RefreshBudget {
    static let readsPerSecond = 20
    /// Reads begin in groups, because each wake-up costs more than a read.
    static let group = 10
    /// The time between two groups.
    static let pause = Duration.seconds(1) / readsPerSecond * group

    private let configured: Duration
    private var bucket: TokenBucket
    /// The number of sources that are read in each interval, by kind.
    var sources: [String: Int] = [:]

    /// - Parameter interval: the configured one.
    init(interval: Duration, now: ContinuousClock.Instant) {
        configured = interval
        bucket = TokenBucket(
            burst: Self.group, interval: .seconds(1) / Self.readsPerSecond, now: now)
    }

    /// The configured interval, or the time that all reads take at the highest pace.
    var interval: Duration {
        max(configured, .seconds(sources.values.reduce(0, +)) / Self.readsPerSecond)
    }

    mutating func take(_ now: ContinuousClock.Instant) -> Bool {
        guard bucket.next(now) <= now else { return false }
        bucket.take(now)
        return true
    }

    mutating func next(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        bucket.next(now) <= now ? now : now + Self.pause
    }
}
