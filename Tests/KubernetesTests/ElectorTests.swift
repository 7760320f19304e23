import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite("Who leads")
struct ElectorTests {
    private let date = Date(timeIntervalSince1970: 1_000_000.25)

    private func lease(_ holder: String?, version: String = "1", seconds: Int? = 10, transitions: Int? = 3) -> Lease {
        Lease(
            metadata: .init(name: "l", namespace: "n", resourceVersion: version),
            spec: Lease.Spec(
                holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: "then", renewTime: "then",
                leaseTransitions: transitions))
    }

    private func own(transitions: Int, acquired: String = "1970-01-12T13:46:40.250000Z") -> Lease.Spec {
        Lease.Spec(
            holderIdentity: "me", leaseDurationSeconds: 10, acquireTime: acquired,
            renewTime: "1970-01-12T13:46:40.250000Z", leaseTransitions: transitions)
    }

    private func step(_ lease: Lease?) -> Elector.Action {
        var elector = Elector(identity: "me", timing: LeaseTiming())
        return elector.step(lease, now: .seconds(100), date: date)
    }

    @Test("where there is no lease, it is created")
    func create() { #expect(step(nil) == .create(own(transitions: 0))) }

    @Test("ours is renewed, and keeps the time at which it was acquired")
    func renew() {
        #expect(step(lease("me")) == .update(own(transitions: 3, acquired: "then"), resourceVersion: "1"))
    }

    @Test("one that was released, or never held, is taken at once", arguments: ["", nil])
    func released(holder: String?) {
        #expect(step(lease(holder)) == .update(own(transitions: 4), resourceVersion: "1"))
    }

    @Test("a lease without a spec is taken")
    func empty() {
        let lease = Lease(metadata: .init(resourceVersion: "1"))
        #expect(step(lease) == .update(own(transitions: 0), resourceVersion: "1"))
    }

    /// What a follower sees at each second, and whether it takes the lease then.
    @Test(
        "another's is taken when it has not changed for its duration, by our own clock",
        arguments: [
            // Whatever its times say, it counts from when we first saw it.
            ([(0, "1"), (2, "1"), (9, "1"), (10, "1")], 10, 3),
            ([(0, "1"), (2, "2"), (11, "2"), (12, "2")], 10, 3),
            ([(0, "1"), (9, "2"), (18, "3"), (27, "4"), (36, "5")], 10, nil),
            // Its holder was given other times.
            ([(0, "1"), (12, "1"), (29, "1"), (30, "1")], 30, 3),
            ([(0, "1"), (9, "1"), (10, "1")], nil, 2),
        ] as [([(Int, String)], Int?, Int?)])
    func expiry(looks: [(Int, String)], seconds: Int?, taken: Int?) {
        var elector = Elector(identity: "me", timing: LeaseTiming())
        for (index, (time, version)) in looks.enumerated() {
            let lease = lease("other", version: version, seconds: seconds)
            let action = elector.step(lease, now: .seconds(1000 + time), date: date)
            if index == taken {
                #expect(action == .update(own(transitions: 4), resourceVersion: version))
            } else if case .wait(let duration) = action {
                #expect(duration > .zero && duration <= .seconds(2))
            } else {
                Issue.record("look \(index): \(action)")
            }
        }
    }

    @Test("a look is due when the lease ends, not after it")
    func wait() {
        var elector = Elector(identity: "me", timing: LeaseTiming())
        #expect(elector.step(lease("other"), now: .seconds(0), date: date) == .wait(.seconds(2)))
        #expect(elector.step(lease("other"), now: .milliseconds(9500), date: date) == .wait(.milliseconds(500)))
    }

    @Test("the holder stops before anybody else can begin, and one that dies is followed within 15 s")
    func timing() {
        let timing = LeaseTiming()
        // A write that was begun in the last moment included.
        #expect(timing.renewDeadline + KubernetesClient.writeTimeout <= timing.duration)
        #expect(timing.retry + timing.duration + timing.retry < .seconds(15))
    }

    @Test("a release leaves no holder, and the rest for people to read")
    func release() {
        let elector = Elector(identity: "me", timing: LeaseTiming())
        let spec = elector.release(lease("me"), date: date)
        #expect(spec.holderIdentity == "")
        #expect(spec.leaseTransitions == 3)
    }

    @Test("leadership ends by itself when it is not renewed, and its begin is told once")
    func leadership() async {
        let leadership = Leadership(identity: "me")
        let (gains, gain) = AsyncStream<Void>.makeStream()
        leadership.whenGained { gain.yield() }
        #expect(!leadership.isHeld)
        leadership.lead(until: .now + .seconds(60))
        leadership.lead(until: .now + .seconds(60))
        #expect(leadership.isHeld && leadership.holder == "me")
        leadership.lead(until: .now)
        #expect(!leadership.isHeld)
        leadership.lead(until: .now + .seconds(60))
        leadership.follow("other")
        #expect(!leadership.isHeld && leadership.holder == "other")
        gain.finish()
        var count = 0
        for await _ in gains { count += 1 }
        #expect(count == 2)
    }

    @Test("a time of following lasts while others are seen to lead, and ends when this process leads")
    func followed() throws {
        let leadership = Leadership(identity: "me")
        leadership.follow(nil)
        #expect(leadership.followed == nil)
        let start = ContinuousClock.now
        leadership.follow("other")
        let first = try #require(leadership.followed)
        #expect(first.lowerBound >= start)
        leadership.follow("third")
        let longer = try #require(leadership.followed)
        #expect(longer.lowerBound == first.lowerBound && longer.upperBound > first.upperBound)
        leadership.follow(nil)
        leadership.lead(until: .now + .seconds(60))
        #expect(leadership.followed == longer)
        leadership.follow(nil)
        leadership.follow("other")
        #expect(try #require(leadership.followed).lowerBound > longer.upperBound)
    }
}
