internal import Basics

/// Bounds the Events of one object: 25, and then one in five minutes (client-go's EventSourceObjectSpamFilter). What it
/// holds back is told later, if it is still so then.
struct SpamFilter {
    private var buckets: [String: TokenBucket] = [:]

    /// When something may be told about the object; `now` where it may.
    mutating func next(_ uid: String, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        buckets[uid]?.next(now) ?? now
    }

    mutating func told(_ uid: String, now: ContinuousClock.Instant) {
        var bucket = buckets[uid] ?? TokenBucket(burst: 25, interval: .seconds(300), now: now)
        bucket.take(now)
        buckets[uid] = bucket
    }

    /// Objects that have been quiet for long take no memory.
    mutating func forget(now: ContinuousClock.Instant) {
        buckets = buckets.compactMapValues { bucket in
            var bucket = bucket
            return bucket.isFull(now) ? nil : bucket
        }
    }
}
