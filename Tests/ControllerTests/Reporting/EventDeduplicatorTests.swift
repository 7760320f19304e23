import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import Routing
import Testing

@testable import Controller

@Suite("Which Events were sent")
struct EventDeduplicatorTests {
    private let start = ContinuousClock.now
    private let noon = Date(timeIntervalSince1970: 1_000_000)

    private func condition(
        _ message: String, ingress: String = "web", _ reason: EventReason = .hostConflict
    ) -> Condition {
        Condition(OwnerRef(kind: .ingress, namespace: "shop", name: ingress), uid: ingress, reason, message)
    }

    @Test("an Event is due until it is sent, and is not sent again while its condition holds")
    func once() {
        var deduplicator = EventDeduplicator()
        let condition = condition("a")
        deduplicator.observe([condition], isLeader: true, now: start, date: noon)
        #expect(deduplicator.unsent(at: start) == [.init(condition: condition, began: .distantPast)])
        deduplicator.sent(condition)
        deduplicator.observe([condition], isLeader: true, now: start + .seconds(60), date: noon + 60)
        #expect(deduplicator.unsent(at: start + .seconds(60)).isEmpty)
        #expect(deduplicator.nextDue == nil)
    }

    @Test("a recurring condition begins at its recurrence; on a follower, earlier by the clock skew")
    func recurrence() {
        for (isLeader, began) in [(true, noon + 20), (false, noon + 5)] {
            var deduplicator = EventDeduplicator()
            let condition = condition("a")
            deduplicator.observe([condition], isLeader: isLeader, now: start, date: noon)
            if isLeader { deduplicator.sent(condition) }
            deduplicator.observe([], isLeader: isLeader, now: start + .seconds(10), date: noon + 10)
            #expect(deduplicator.unsent(at: start + .seconds(10)).isEmpty)
            deduplicator.observe([condition], isLeader: isLeader, now: start + .seconds(20), date: noon + 20)
            #expect(deduplicator.unsent(at: start + .seconds(20)) == [.init(condition: condition, began: began)])
        }
    }

    @Test(
        "a condition that held for 50 minutes under another leader counts as sent; a younger one, or one without a leader, does not"
    )
    func takeover() {
        for (since, from, to, isSent) in [
            (0, 0, 3000, true), (0, 0, 2999, false), (0, 0, 90_000, true),
            // The condition began during this time, or after it.
            (1, 0, 3000, false), (5000, 0, 4000, false),
            // This replica led before, and had not sent the Event.
            (0, 4000, 5000, false), (0, 4000, 7000, true),
        ] {
            var deduplicator = EventDeduplicator()
            let condition = condition("a")
            deduplicator.observe([condition], isLeader: false, now: start + .seconds(since), date: noon)
            let end = start + .seconds(100_000)
            for _ in 0..<2 { deduplicator.markSentByOthers(start + .seconds(from)...start + .seconds(to)) }
            #expect(deduplicator.unsent(at: end).isEmpty == isSent, "\((since, from, to))")
        }
    }

    @Test("a condition that counts as sent is sent when it recurs")
    func recurrenceAfterTakeover() {
        var deduplicator = EventDeduplicator()
        let condition = condition("a")
        deduplicator.observe([condition], isLeader: false, now: start, date: noon)
        let followed = start...(start + .seconds(3000))
        deduplicator.markSentByOthers(followed)
        deduplicator.observe([], isLeader: true, now: followed.upperBound, date: noon + 3000)
        deduplicator.observe([condition], isLeader: true, now: followed.upperBound, date: noon + 3001)
        deduplicator.markSentByOthers(followed)
        #expect(deduplicator.unsent(at: followed.upperBound) == [.init(condition: condition, began: noon + 3001)])
    }

    @Test("a condition that ended before its Event was sent, or that was forgotten, counts as new")
    func forgotten() {
        var deduplicator = EventDeduplicator()
        let (short, old) = (condition("short"), condition("old"))
        deduplicator.observe([short, old], isLeader: true, now: start, date: noon)
        deduplicator.sent(old)
        deduplicator.observe([], isLeader: true, now: start, date: noon)
        deduplicator.observe([short], isLeader: true, now: start, date: noon)
        #expect(deduplicator.unsent(at: start).map(\.began) == [.distantPast])
        deduplicator.observe([], isLeader: true, now: start + EventDeduplicator.memory, date: noon + 3600)
        deduplicator.observe([old], isLeader: true, now: start + EventDeduplicator.memory, date: noon + 3600)
        #expect(deduplicator.unsent(at: start + EventDeduplicator.memory).map(\.began) == [.distantPast])
    }

    @Test("the number of remembered conditions is that of client-go")
    func bounded() {
        var deduplicator = EventDeduplicator()
        let conditions = Set((0..<5000).map { condition("\($0)", ingress: "i\($0)") })
        deduplicator.observe(conditions, isLeader: false, now: start, date: noon)
        deduplicator.observe([], isLeader: false, now: start, date: noon)
        deduplicator.observe(conditions, isLeader: false, now: start + .seconds(10), date: noon)
        #expect(
            deduplicator.unsent(at: start + .seconds(10)).count { $0.began != .distantPast }
                == EventDeduplicator.remembered)
    }

    @Test("new conditions come first, failed ones last")
    func order() {
        var deduplicator = EventDeduplicator()
        let (old, failing, new, second) = (
            condition("old"), condition("failing"), condition("new"), condition("new", ingress: "web2")
        )
        deduplicator.observe([old, failing], isLeader: true, now: start, date: noon)
        deduplicator.failed(failing)
        deduplicator.observe([old, failing, new, second], isLeader: true, now: start + .seconds(1), date: noon)
        #expect(deduplicator.unsent(at: start + .seconds(1)).map(\.condition) == [new, second, old, failing])
        deduplicator.delay(new, until: start + .seconds(9))
        #expect(deduplicator.unsent(at: start + .seconds(1)).map(\.condition) == [second, old, failing])
        #expect(deduplicator.unsent(at: start + .seconds(9)).count == 4)
    }

    @Test("an outage of Vault is reported when it has lasted for a minute")
    func delay() {
        var deduplicator = EventDeduplicator()
        deduplicator.observe([condition("a", .certificateUnavailable)], isLeader: true, now: start, date: noon)
        #expect(deduplicator.unsent(at: start + .seconds(59)).isEmpty)
        #expect(deduplicator.nextDue == start + .seconds(60))
        #expect(deduplicator.unsent(at: start + .seconds(60)).count == 1)
    }

    @Test("a condition that ended and recurred while its Event was being sent needs another Event")
    func meanwhile() throws {
        var deduplicator = EventDeduplicator()
        let condition = condition("a")
        deduplicator.observe([condition], isLeader: false, now: start, date: noon)
        let unsent = try #require(deduplicator.unsent(at: start).first)
        #expect(deduplicator.isPending(unsent))
        deduplicator.observe([], isLeader: false, now: start, date: noon)
        #expect(!deduplicator.isPending(unsent))
        deduplicator.observe([condition], isLeader: false, now: start, date: noon + 1)
        #expect(!deduplicator.isPending(unsent))
    }

    @Test("an object has 25 Events at once, then one in five minutes")
    func spam() {
        var filter = SpamFilter()
        for _ in 0..<25 {
            #expect(filter.next("noisy", now: start) == start)
            filter.sent("noisy", now: start)
        }
        #expect(filter.next("noisy", now: start) == start + .seconds(300))
        #expect(filter.next("quiet", now: start) == start)
        filter.prune(now: start + .seconds(299))
        #expect(filter.next("noisy", now: start + .seconds(299)) > start + .seconds(299))
        #expect(filter.next("noisy", now: start + .seconds(300)) == start + .seconds(300))
        filter.sent("noisy", now: start + .seconds(300))
        #expect(filter.next("noisy", now: start + .seconds(300)) == start + .seconds(600))
    }

    @Test("a thousand writes take what 50 at once and 20 a second come to")
    func pace() {
        var bucket = TokenBucket(burst: 50, interval: .milliseconds(50), now: start)
        var now = start
        for _ in 0..<1000 {
            now = bucket.next(now)
            bucket.take(now)
        }
        let taken = start.duration(to: now)
        #expect(taken > .seconds(47) && taken < .seconds(48))
    }
}
