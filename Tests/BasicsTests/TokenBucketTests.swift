import Testing

@testable import Basics

@Suite("Token bucket")
struct TokenBucketTests {
    private let start = ContinuousClock.now

    @Test("the burst is available at once, the rest at the rate")
    func burst() {
        var bucket = TokenBucket(burst: 3, interval: .milliseconds(100), now: start)
        #expect((0..<3).map { _ in bucket.take(start) } == [start, start, start])
        #expect(bucket.take(start) == start + .milliseconds(100))
        #expect(bucket.take(start) == start + .milliseconds(200))
        #expect(bucket.take(start + .seconds(10)) == start + .seconds(10))
    }

    @Test("a pause refills the bucket, but not beyond the burst")
    func refill() {
        var bucket = TokenBucket(burst: 2, interval: .seconds(1), now: start)
        for _ in 0..<2 { bucket.take(start) }
        #expect(bucket.next(start) == start + .seconds(1))
        let isFullTooEarly = bucket.isFull(start + .seconds(1))
        #expect(!isFullTooEarly)
        let later = start + .seconds(100)
        let isFull = bucket.isFull(later)
        #expect(isFull)
        #expect((0..<3).map { _ in bucket.take(later) } == [later, later, later + .seconds(1)])
    }
}
