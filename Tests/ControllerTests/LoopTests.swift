import Kubernetes
import KubernetesAPI
import Testing

@testable import Controller

@Suite("Pace of the loop")
struct LoopTests {
    @Test("the first change after a quiet period is applied at once, the next one waits for the rest of the interval")
    func throttling() {
        var throttle = ReloadThrottle(interval: .seconds(1))
        let start = ContinuousClock.now
        #expect(throttle.delay(at: start) <= .zero)
        throttle.didReload(at: start)
        #expect(throttle.delay(at: start + .milliseconds(300)) == .milliseconds(700))
        #expect(throttle.delay(at: start + .seconds(1)) <= .zero)
        #expect(throttle.delay(at: start + .seconds(60)) <= .zero)
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
