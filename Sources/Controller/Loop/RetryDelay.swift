/// The wait before the same configuration is tried again. A change is tried immediately.
enum RetryDelay {
    /// The wait after nginx could not be tested or reloaded: the cause may be temporary.
    ///
    /// | attempt | 1 | 2 | 3 | 4 | 5 | 6 … |
    /// |---|---|---|---|---|---|---|
    /// | delay | 1 s | 2 s | 4 s | 8 s | 16 s | 30 s |
    static func afterFailures(_ failures: Int) -> Duration {
        min(.seconds(1 << min(max(failures - 1, 0), 5)), .seconds(30))
    }

    /// The wait before owners are tried again that were quarantined because a test lacked time or memory. Each attempt may
    /// take as long as a test may last, and delays the changes of all others.
    ///
    /// | attempt | 1 | 2 | 3 | 4 … |
    /// |---|---|---|---|---|
    /// | delay | 1 min | 5 min | 15 min | 1 h |
    static func afterExhaustions(_ exhaustions: Int) -> Duration {
        let minutes = [1, 5, 15, 60]
        return .seconds(60 * minutes[min(max(exhaustions - 1, 0), minutes.count - 1)])
    }

    /// After nginx has rejected the configuration and no owner is the cause: a file that it names may be restored.
    ///
    /// | attempt | 1 | 2 | 3 | 4 | 5 … |
    /// |---|---|---|---|---|---|
    /// | delay | 30 s | 1 min | 2 min | 4 min | 5 min |
    static func afterRejections(_ rejections: Int) -> Duration {
        min(.seconds(30 << min(max(rejections - 1, 0), 4)), .seconds(300))
    }
}
