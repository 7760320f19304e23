import TestBed

/// Causes every fault, one after the other, and measures the failed requests and the time to recover.
struct FaultBenchmark {
    /// The length of an outage.
    let seconds: Int
    let connections = 64

    func run() async throws {
        let bed = Shared { try await Bed.start() }
        print(
            "\(connections) keepalive connections, and one that is opened anew for each request; outages last \(seconds) s"
        )
        row([
            "fault", "lasts s", "requests", "failed", "failed on new connections", "slowest ms", "recovery s",
            "hosts lost",
        ])
        var failures: [String] = []
        for fault in Fault.allCases {
            if let obstacle = fault.obstacle {
                row([fault.rawValue, "skipped: \(obstacle)"])
                continue
            }
            let report = try await fault.measure(connections: connections, length: .seconds(seconds), bed: bed)
            let slowest = max(report.kept.slowest, report.fresh.slowest)
            row([
                report.name, tenths(report.length / .seconds(1)),
                String(report.kept.requests + report.fresh.requests), String(report.kept.failed),
                String(report.fresh.failed), tenths(slowest / .milliseconds(1)),
                tenths(report.recovery / .seconds(1)), String(report.lostHosts.count),
            ])
            for (text, count) in report.kept.failures.merging(report.fresh.failures, uniquingKeysWith: +) {
                failures.append("\(report.name): \(count) × \(text)")
            }
        }
        for line in failures.sorted() { print(line) }
    }

    private func row(_ cells: [String]) { print("| " + cells.joined(separator: " | ") + " |") }

    private func tenths(_ number: Double) -> String { String((number * 10).rounded() / 10) }
}
