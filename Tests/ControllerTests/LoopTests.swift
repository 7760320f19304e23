import Kubernetes
import KubernetesAPI
import Testing

@testable import Controller

@Suite("When to reload")
struct LoopTests {
    @Test("the first change after a quiet time goes at once, the next waits for the rest of the interval")
    func pacing() {
        var pacer = ReloadPacer(interval: .seconds(1))
        let start = ContinuousClock.now
        #expect(pacer.delay(at: start) <= .zero)
        pacer.didReload(at: start)
        #expect(pacer.delay(at: start + .milliseconds(300)) == .milliseconds(700))
        #expect(pacer.delay(at: start + .seconds(1)) <= .zero)
        #expect(pacer.delay(at: start + .seconds(60)) <= .zero)
    }

    @Test(
        "a failed reload is tried again after a growing time, 30 s at most",
        arguments: [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (100, 30)])
    func retries(failures: Int, seconds: Int) {
        #expect(ReloadPacer.retryDelay(afterFailures: failures) == .seconds(seconds))
    }

    @Test(
        "what nginx refused is tried again after a growing time, 5 minutes at most",
        arguments: [(1, 30), (2, 60), (4, 240), (5, 300), (100, 300)])
    func refusals(refusals: Int, seconds: Int) {
        #expect(ReloadPacer.retryDelay(afterRefusals: refusals) == .seconds(seconds))
    }

    @Test("causes that no reload carried yet are kept, the newest of each object, sorted")
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
