import Foundation
import Kubernetes
import KubernetesAPI
import Routing
import Testing

@testable import Controller

@Suite("Which facts have been told")
struct EventDeduplicatorTests {
    private let start = ContinuousClock.now
    private let noon = Date(timeIntervalSince1970: 1_000_000)

    private func fact(
        _ message: String, ingress: String = "web", _ reason: EventReason = .hostConflict
    ) -> Condition {
        Condition(OwnerRef(kind: .ingress, namespace: "shop", name: ingress), uid: ingress, reason, message)
    }

    @Test("a fact is untold until it is told, and stays told while it stands")
    func once() {
        var ledger = EventDeduplicator()
        let fact = fact("a")
        ledger.observe([fact], isLeader: true, now: start, date: noon)
        #expect(ledger.untold(at: start) == [.init(fact: fact, began: .distantPast)])
        ledger.told(fact)
        ledger.observe([fact], isLeader: true, now: start + .seconds(60), date: noon + 60)
        #expect(ledger.untold(at: start + .seconds(60)).isEmpty)
        #expect(ledger.nextDue == nil)
    }

    @Test("one that comes back counts from then; by another's clock, a little before")
    func recurrence() {
        for (isLeader, began) in [(true, noon + 20), (false, noon + 5)] {
            var ledger = EventDeduplicator()
            let fact = fact("a")
            ledger.observe([fact], isLeader: isLeader, now: start, date: noon)
            if isLeader { ledger.told(fact) }
            ledger.observe([], isLeader: isLeader, now: start + .seconds(10), date: noon + 10)
            #expect(ledger.untold(at: start + .seconds(10)).isEmpty)
            ledger.observe([fact], isLeader: isLeader, now: start + .seconds(20), date: noon + 20)
            #expect(ledger.untold(at: start + .seconds(20)) == [.init(fact: fact, began: began)])
        }
    }

    @Test("what stood for 50 minutes while others led counts as told; the younger, and what nobody led for, does not")
    func takeover() {
        for (since, from, to, isTold) in [
            (0, 0, 3000, true), (0, 0, 2999, false), (0, 0, 90_000, true),
            // New in this time, or after it.
            (1, 0, 3000, false), (5000, 0, 4000, false),
            // This replica led before, and had not told it.
            (0, 4000, 5000, false), (0, 4000, 7000, true),
        ] {
            var ledger = EventDeduplicator()
            let fact = fact("a")
            ledger.observe([fact], isLeader: false, now: start + .seconds(since), date: noon)
            let end = start + .seconds(100_000)
            for _ in 0..<2 { ledger.othersLed(start + .seconds(from)...start + .seconds(to)) }
            #expect(ledger.untold(at: end).isEmpty == isTold, "\((since, from, to))")
        }
    }

    @Test("what counts as told and comes back is told")
    func recurrenceAfterTakeover() {
        var ledger = EventDeduplicator()
        let fact = fact("a")
        ledger.observe([fact], isLeader: false, now: start, date: noon)
        let followed = start...(start + .seconds(3000))
        ledger.othersLed(followed)
        ledger.observe([], isLeader: true, now: followed.upperBound, date: noon + 3000)
        ledger.observe([fact], isLeader: true, now: followed.upperBound, date: noon + 3001)
        ledger.othersLed(followed)
        #expect(ledger.untold(at: followed.upperBound) == [.init(fact: fact, began: noon + 3001)])
    }

    @Test("one that was over before it was told is told as if it were new, and so is one of which all is forgotten")
    func forgotten() {
        var ledger = EventDeduplicator()
        let (short, old) = (fact("short"), fact("old"))
        ledger.observe([short, old], isLeader: true, now: start, date: noon)
        ledger.told(old)
        ledger.observe([], isLeader: true, now: start, date: noon)
        ledger.observe([short], isLeader: true, now: start, date: noon)
        #expect(ledger.untold(at: start).map(\.began) == [.distantPast])
        ledger.observe([], isLeader: true, now: start + EventDeduplicator.memory, date: noon + 3600)
        ledger.observe([old], isLeader: true, now: start + EventDeduplicator.memory, date: noon + 3600)
        #expect(ledger.untold(at: start + EventDeduplicator.memory).map(\.began) == [.distantPast])
    }

    @Test("no more is remembered of what is over than client-go remembers")
    func bounded() {
        var ledger = EventDeduplicator()
        let facts = Set((0..<5000).map { fact("\($0)", ingress: "i\($0)") })
        ledger.observe(facts, isLeader: false, now: start, date: noon)
        ledger.observe([], isLeader: false, now: start, date: noon)
        ledger.observe(facts, isLeader: false, now: start + .seconds(10), date: noon)
        #expect(
            ledger.untold(at: start + .seconds(10)).count { $0.began != .distantPast } == EventDeduplicator.remembered)
    }

    @Test("the newest are told first, those that failed last")
    func order() {
        var ledger = EventDeduplicator()
        let (old, failing, new, second) = (fact("old"), fact("failing"), fact("new"), fact("new", ingress: "web2"))
        ledger.observe([old, failing], isLeader: true, now: start, date: noon)
        ledger.failed(failing)
        ledger.observe([old, failing, new, second], isLeader: true, now: start + .seconds(1), date: noon)
        #expect(ledger.untold(at: start + .seconds(1)).map(\.fact) == [new, second, old, failing])
        ledger.delay(new, until: start + .seconds(9))
        #expect(ledger.untold(at: start + .seconds(1)).map(\.fact) == [second, old, failing])
        #expect(ledger.untold(at: start + .seconds(9)).count == 4)
    }

    @Test("that Vault cannot be asked is told when it has lasted for a minute")
    func patience() {
        var ledger = EventDeduplicator()
        ledger.observe([fact("a", .certificateUnavailable)], isLeader: true, now: start, date: noon)
        #expect(ledger.untold(at: start + .seconds(59)).isEmpty)
        #expect(ledger.nextDue == start + .seconds(60))
        #expect(ledger.untold(at: start + .seconds(60)).count == 1)
    }

    @Test("one that ended and came back while it was being told is not the one that was told")
    func meanwhile() throws {
        var ledger = EventDeduplicator()
        let fact = fact("a")
        ledger.observe([fact], isLeader: false, now: start, date: noon)
        let untold = try #require(ledger.untold(at: start).first)
        #expect(ledger.isWaiting(untold))
        ledger.observe([], isLeader: false, now: start, date: noon)
        #expect(!ledger.isWaiting(untold))
        ledger.observe([fact], isLeader: false, now: start, date: noon + 1)
        #expect(!ledger.isWaiting(untold))
    }

    @Test("one object's Events are 25, and then one in five minutes")
    func spam() {
        var filter = SpamFilter()
        for _ in 0..<25 {
            #expect(filter.next("noisy", now: start) == start)
            filter.told("noisy", now: start)
        }
        #expect(filter.next("noisy", now: start) == start + .seconds(300))
        #expect(filter.next("quiet", now: start) == start)
        filter.forget(now: start + .seconds(299))
        #expect(filter.next("noisy", now: start + .seconds(299)) > start + .seconds(299))
        #expect(filter.next("noisy", now: start + .seconds(300)) == start + .seconds(300))
        filter.told("noisy", now: start + .seconds(300))
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
