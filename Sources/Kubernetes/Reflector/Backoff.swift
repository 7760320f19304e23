internal import Foundation
internal import KubernetesAPI

/// The wait after a failure: full jitter below a ceiling that doubles.
///
/// | failure | ceiling |
/// |---|---|
/// | 1 | 0.8 s |
/// | 2 | 1.6 s |
/// | 3 | 3.2 s |
/// | 4 | 6.4 s |
/// | 5 | 12.8 s |
/// | 6 | 25.6 s |
/// | 7 and more | 30 s |
///
/// Two minutes without a failure reset the count, as in client-go's reflector.
public struct Backoff: Sendable, Equatable {
    private var failures = 0
    private var last: Duration?

    public init() {}

    static func ceiling(failure: Int) -> Duration {
        failure > 6 ? .seconds(30) : .milliseconds(800 << (failure - 1))
    }

    /// - Parameters:
    ///   - now: the time of a monotonic clock.
    ///   - random: in 0..<1.
    public mutating func next(now: Duration, random: Double) -> Duration {
        if let last, now - last >= .seconds(120) { failures = 0 }
        failures += 1
        last = now
        return Backoff.ceiling(failure: failures) * random
    }
}
