import Testing

@testable import Controller

@Suite("Pace of reading secrets")
struct RefreshTests {
    private let start = ContinuousClock.now

    @Test(
        "a secret is read again after 80 to 100 % of the interval, so that secrets drift apart",
        arguments: [(0.0, 48_000), (0.5, 54_000), (1.0, 60_000)])
    func delay(random: Double, milliseconds: Int) {
        let delay = RefreshDelay.next(interval: .seconds(60), random: random)
        #expect(abs((delay - .milliseconds(milliseconds)) / .milliseconds(1)) < 1)
    }

    @Test(
        "a missing or rejected secret is read after 1, 2, 4, 8 and 10 minutes",
        arguments: [(1, 60), (2, 120), (3, 240), (4, 480), (5, 600), (100, 600)])
    func backoff(reads: Int, seconds: Int) {
        #expect(RefreshDelay.afterRejections(reads, interval: .seconds(60), random: 1) == .seconds(seconds))
        #expect(RefreshDelay.afterRejections(reads, interval: .seconds(60), random: 0) == .seconds(seconds) * 0.8)
        #expect(RefreshDelay.afterRejections(reads, interval: .seconds(3600), random: 1) == .seconds(3600))
    }

    @Test(
        "the exact secrets of hosts with a wildcard certificate cause two reads in each interval, and each one a day",
        arguments: [(1, 60), (2, 60), (20, 600), (100, 3000), (2880, 86400), (5000, 86400)])
    func probes(hosts: Int, seconds: Int) {
        #expect(RefreshDelay.ofProbe(among: hosts, interval: .seconds(60), random: 1) == .seconds(seconds))
    }

    @Test(
        "with more than 20 secrets for each second of the interval, the interval is stretched",
        arguments: [(0, 0, 60), (1200, 0, 60), (800, 400, 60), (5000, 0, 250), (4000, 6000, 500)])
    func stretching(certificates: Int, users: Int, seconds: Int) {
        var budget = RefreshBudget(interval: .seconds(60), now: start)
        budget.sources = ["certificates": certificates, "htpasswd_files": users]
        #expect(budget.interval == .seconds(seconds))
    }

    @Test("at most 20 reads begin in a second, after a group of 10")
    func pace() {
        var budget = RefreshBudget(interval: .seconds(60), now: start)
        var (begun, now) = (0, start)
        while now < start + .seconds(10) {
            while budget.take(now) { begun += 1 }
            let next = budget.next(now)
            #expect(next == now + RefreshBudget.pause)
            now = next
        }
        #expect((190...210).contains(begun), "\(begun)")
    }

    @Test("elements leave the queue when they are due; those of one time in the order in which they were added")
    func queue() {
        var queue = DueQueue<Int>()
        for number in 0..<100 { queue.add(number, due: start + .seconds(number * 37 % 10)) }
        #expect(queue.nextDue == start)
        var found: [(Int, Int)] = []
        for second in 0..<10 {
            while let (number, _) = queue.popDue(start + .seconds(second)) { found.append((second, number)) }
        }
        let expected = (0..<100).map { ($0 * 37 % 10, $0) }.sorted { $0 < $1 }
        #expect(found.map { "\($0)" } == expected.map { "\($0)" })
        #expect(queue.count == 0)
    }
}
