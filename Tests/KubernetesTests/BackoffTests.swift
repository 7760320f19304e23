import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct BackoffTests {
    @Test("the ceiling doubles from 0.8 s up to 30 s")
    func ceilings() {
        #expect(
            (1...8).map { Backoff.ceiling(failure: $0) }
                == [800, 1600, 3200, 6400, 12800, 25600, 30000, 30000].map { Duration.milliseconds($0) })
    }

    @Test("jitter is full: from zero to the ceiling")
    func jitter() {
        var backoff = Backoff()
        #expect(backoff.next(now: .zero, random: 0) == .zero)
        #expect(backoff.next(now: .zero, random: 0.5) == .milliseconds(800))
        #expect(backoff.next(now: .zero, random: 0.25) == .milliseconds(800))
    }

    @Test(
        "two minutes without a failure reset the count; less does not",
        arguments: [
            (Duration.seconds(119), Duration.milliseconds(1600)), (.seconds(120), .milliseconds(400)),
        ])
    func reset(quiet: Duration, expected: Duration) {
        var backoff = Backoff()
        for _ in 1...2 { _ = backoff.next(now: .seconds(10), random: 0.5) }
        #expect(backoff.next(now: .seconds(10) + quiet, random: 0.5) == expected)
    }
}
