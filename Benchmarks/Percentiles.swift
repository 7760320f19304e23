/// The percentiles of measured times.
struct Percentiles {
    private let sorted: [Duration]

    /// - Parameter times: at least one.
    init(_ times: [Duration]) {
        sorted = times.sorted()
    }

    /// The smallest time that at least this percentage of the times do not exceed (nearest rank).
    func percentile(_ percent: Int) -> Duration {
        sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }

    /// A percentile in milliseconds, rounded to a tenth.
    func milliseconds(_ percent: Int) -> Double {
        (percentile(percent) / Duration.milliseconds(1) * 10).rounded() / 10
    }

    /// One line per percentile, in milliseconds.
    var table: String {
        [("min", 0), ("median", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99), ("max", 100)]
            .map { name, percent in
                "  \(name): \(milliseconds(percent))"
            }
            .joined(separator: "\n")
    }
}
