import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite("Leader election")
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

    @Test("a missing lease is created")
    func create() { #expect(step(nil) == .create(own(transitions: 0))) }

    @Test("a lease held by this process is renewed, and keeps its acquire time")
    func renew() {
        #expect(step(lease("me")) == .update(own(transitions: 3, acquired: "then"), resourceVersion: "1"))
    }

    @Test("a lease without holder is acquired at once", arguments: ["", nil])
    func released(holder: String?) {
        #expect(step(lease(holder)) == .update(own(transitions: 4), resourceVersion: "1"))
    }

    @Test("a lease without a spec is acquired")
    func empty() {
        let lease = Lease(metadata: .init(resourceVersion: "1"))
        #expect(step(lease) == .update(own(transitions: 0), resourceVersion: "1"))
    }

    /// The lease that a candidate reads at each second, and whether it acquires it.
    @Test(
        "a lease of another process is acquired when it has not changed for its duration, by the local clock",
        arguments: [
            // The duration counts from the first read, independent of the times in the lease.
            ([(0, "1"), (2, "1"), (9, "1"), (10, "1")], 10, 3),
            ([(0, "1"), (2, "2"), (11, "2"), (12, "2")], 10, 3),
            ([(0, "1"), (9, "2"), (18, "3"), (27, "4"), (36, "5")], 10, nil),
            // The holder's duration applies.
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

    @Test("the next read is due when the lease expires, not after it")
    func wait() {
        var elector = Elector(identity: "me", timing: LeaseTiming())
        #expect(elector.step(lease("other"), now: .seconds(0), date: date) == .wait(.seconds(2)))
        #expect(elector.step(lease("other"), now: .milliseconds(9500), date: date) == .wait(.milliseconds(500)))
    }

    @Test("a holder stops before another can acquire the lease, and one that dies is replaced within 15 s")
    func timing() {
        let timing = LeaseTiming()
        // Including a write that began at the last moment.
        #expect(timing.renewDeadline + KubernetesClient.writeTimeout <= timing.duration)
        #expect(timing.retry + timing.duration + timing.retry < .seconds(15))
    }

    @Test("a release removes the holder and keeps the other fields")
    func release() {
        let elector = Elector(identity: "me", timing: LeaseTiming())
        let spec = elector.release(lease("me"), date: date)
        #expect(spec.holderIdentity == "")
        #expect(spec.leaseTransitions == 3)
    }

    @Test("leadership that is not renewed expires, and observers are called once per acquisition")
    func leadership() async {
        let leadership = Leadership(identity: "me")
        let (gains, gain) = AsyncStream<Void>.makeStream()
        leadership.whenAcquired { gain.yield() }
        #expect(!leadership.isHeld)
        leadership.hold(until: .now + .seconds(60))
        leadership.hold(until: .now + .seconds(60))
        #expect(leadership.isHeld && leadership.holder == "me")
        leadership.hold(until: .now)
        #expect(!leadership.isHeld)
        leadership.hold(until: .now + .seconds(60))
        leadership.setHolder("other")
        #expect(!leadership.isHeld && leadership.holder == "other")
        gain.finish()
        var count = 0
        for await _ in gains { count += 1 }
        #expect(count == 2)
    }

    @Test("the period in which others hold the lease ends when this process acquires it")
    func followed() throws {
        let leadership = Leadership(identity: "me")
        leadership.setHolder(nil)
        #expect(leadership.heldByOthers == nil)
        let start = ContinuousClock.now
        leadership.setHolder("other")
        let first = try #require(leadership.heldByOthers)
        #expect(first.lowerBound >= start)
        leadership.setHolder("third")
        let longer = try #require(leadership.heldByOthers)
        #expect(longer.lowerBound == first.lowerBound && longer.upperBound > first.upperBound)
        leadership.setHolder(nil)
        leadership.hold(until: .now + .seconds(60))
        #expect(leadership.heldByOthers == longer)
        leadership.setHolder(nil)
        leadership.setHolder("other")
        #expect(try #require(leadership.heldByOthers).lowerBound > longer.upperBound)
    }
}
