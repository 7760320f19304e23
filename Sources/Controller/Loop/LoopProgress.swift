internal import Basics

/// How far the loop has come, for `/healthz` and the metrics. Pure: time is passed in.
struct LoopProgress: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    /// The longest time without progress although work is pending. Each step has a time limit that is much shorter:
    /// nginx's test has one minute, for example.
    static let patience = Duration.seconds(300)

    /// When the current step of a pass began; nil while the loop waits.
    private var step: Instant?
    /// The end of the last pass.
    private(set) var lastPass: Instant?

    mutating func stepBegins(at now: Instant) { step = now }

    mutating func passEnds(at now: Instant) {
        step = nil
        lastPass = now
    }

    /// The reason why the loop counts as stalled; nil if it does not.
    ///
    /// - Parameters:
    ///   - pendingSince: the time of the oldest change that the loop has not taken.
    ///   - pause: the longest time that the loop waits before it takes a change.
    func reasonStalled(pendingSince: Instant?, pause: Duration, at now: Instant) -> String? {
        // A long pass has many steps, and changes wait for its end.
        if let step {
            guard step.duration(to: now) > Self.patience else { return nil }
            return "a step of the loop has not ended for \(Self.text(step.duration(to: now)))"
        }
        guard let pendingSince, pendingSince.duration(to: now) > Self.patience + pause else { return nil }
        return "a change has not been processed for \(Self.text(pendingSince.duration(to: now)))"
    }

    private static func text(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
}
