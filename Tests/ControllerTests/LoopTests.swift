import Kubernetes
import KubernetesAPI
import Testing

@testable import Controller

@Suite("Pace of the loop")
struct LoopTests {
    @Test("the first change after a quiet period is applied at once, the next one waits for the rest of the interval")
    func throttling() {
        var throttle = PassThrottle(interval: .seconds(1))
        let start = ContinuousClock.now
        #expect(throttle.delay(at: start) <= .zero)
        throttle.didReload(at: start)
        #expect(throttle.delay(at: start + .milliseconds(300)) == .milliseconds(700))
        #expect(throttle.delay(at: start + .seconds(1)) <= .zero)
        #expect(throttle.delay(at: start + .seconds(60)) <= .zero)
    }

    @Test(
        "a pass without a reload is followed by a pause of four times its length, at most the interval",
        arguments: [(10, 40), (100, 400), (250, 1000), (10_000, 1000)])
    func pacing(pass: Int, pause: Int) {
        var throttle = PassThrottle(interval: .seconds(1))
        let start = ContinuousClock.now
        let end = start + .milliseconds(pass)
        throttle.didPass(from: start, to: end)
        #expect(throttle.delay(at: end) == .milliseconds(pause))
        // The interval of an earlier reload still counts.
        throttle.didReload(at: end)
        throttle.didPass(from: end, to: end)
        #expect(throttle.delay(at: end) == .seconds(1))
    }

    @Test("the loop is stalled if a step, or a change that nobody takes, lasts for more than five minutes")
    func stalled() {
        let start = ContinuousClock.now
        var progress = LoopProgress()
        func reason(pendingFor pending: Int? = nil, at seconds: Int) -> String? {
            let now = start + .seconds(seconds)
            return progress.reasonStalled(
                pendingSince: pending.map { now - .seconds($0) }, pause: .seconds(60), at: now)
        }
        #expect(reason(at: 10_000) == nil, "nothing is pending")
        #expect(reason(pendingFor: 360, at: 10_000) == nil, "the loop may pause for a minute")
        #expect(reason(pendingFor: 361, at: 10_000) == "a change has not been processed for 361 s")
        progress.stepBegins(at: start)
        #expect(reason(pendingFor: 1000, at: 300) == nil, "changes wait for the end of the pass")
        #expect(reason(at: 301) == "a step of the loop has not ended for 301 s")
        progress.stepBegins(at: start + .seconds(301))
        #expect(reason(at: 400) == nil, "a long pass has many steps")
        progress.passEnds(at: start + .seconds(400))
        #expect(reason(at: 10_000) == nil)
        #expect(progress.lastPass == start + .seconds(400))
    }

    @Test("namespaces take turns, and the one that has waited for longest comes first")
    func turns() {
        var turns = NamespaceTurns()
        let writes = ["a/1", "a/2", "a/3", "b/1", "c/1", "c/2"]
        func order() -> [String] { turns.inTurn(writes) { String($0.prefix(1)) } }
        #expect(order() == ["a/1", "b/1", "c/1", "a/2", "c/2", "a/3"])
        let now = ContinuousClock.now
        turns.serve("b", at: now)
        turns.serve("a", at: now + .seconds(1))
        #expect(order() == ["c/1", "b/1", "a/1", "c/2", "a/2", "a/3"])
        turns.keep(["b", "c"])
        #expect(order() == ["a/1", "c/1", "b/1", "a/2", "c/2", "a/3"])
    }

    @Test(
        "a failed reload is tried again after an increasing delay of at most 30 s",
        arguments: [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (100, 30)])
    func retries(failures: Int, seconds: Int) {
        #expect(RetryDelay.afterFailures(failures) == .seconds(seconds))
    }

    @Test(
        "a rejected configuration is tried again after an increasing delay of at most 5 minutes",
        arguments: [(1, 30), (2, 60), (4, 240), (5, 300), (100, 300)])
    func rejections(rejections: Int, seconds: Int) {
        #expect(RetryDelay.afterRejections(rejections) == .seconds(seconds))
    }

    @Test("causes are kept until a reload applies them: the newest of each object, sorted")
    func causes() {
        func change(_ name: String, _ verb: Change.Verb) -> Change {
            Change(kind: .ingress, key: ObjectKey(namespace: "shop", name: name), verb: verb, resourceVersion: "1")
        }
        var causes = CauseList()
        causes.add([change("b", .added), change("a", .added)])
        causes.add([change("b", .deleted)])
        #expect(causes.sorted == [change("a", .added), change("b", .deleted)].map(Cause.init))
        causes.removeAll()
        #expect(causes.sorted.isEmpty)
    }
}
