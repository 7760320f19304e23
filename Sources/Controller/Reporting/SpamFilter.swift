internal import Basics

/// The limit of Events per object: 25, then one in five minutes (client-go's EventSourceObjectSpamFilter). A delayed
/// Event is sent later if its condition still holds.
struct SpamFilter {
    private var buckets: [String: TokenBucket] = [:]

    /// The time at which the next Event for the object may be sent; `now` if it may be sent immediately.
    mutating func next(_ uid: String, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        buckets[uid]?.next(now) ?? now
    }

    /// Counts an Event for the object.
    mutating func sent(_ uid: String, now: ContinuousClock.Instant) {
        var bucket = buckets[uid] ?? TokenBucket(burst: 25, interval: .seconds(300), now: now)
        bucket.take(now)
        buckets[uid] = bucket
    }

    /// Removes the objects whose limit is unused again.
    mutating func prune(now: ContinuousClock.Instant) {
        buckets = buckets.compactMapValues { bucket in
            var bucket = bucket
            return bucket.isFull(now) ? nil : bucket
        }
    }
}
