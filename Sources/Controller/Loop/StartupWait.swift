internal import ServiceLifecycle

/// Waits before the first configuration, so that it is complete and no second reload follows immediately. Data that
/// arrives later is applied by another pass.
enum StartupWait {
    /// The maximum wait for the pods of Services with affinity. Without them, a restart would send every client to
    /// another pod until the pods are known again.
    static let forPods = Duration.seconds(5)

    /// The time that a later pass waits for secrets that nobody wanted before. Other changes wait too.
    static let forNewSecrets = Duration.milliseconds(250)

    /// - Parameters:
    ///   - limit: how long to wait at most.
    ///   - isReady: ends the wait.
    static func wait(upTo limit: Duration, until isReady: () async -> Bool) async {
        let deadline = ContinuousClock.now + limit
        while await !isReady(), ContinuousClock.now < deadline {
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(10)) }) != nil else {
                return
            }
        }
    }
}
