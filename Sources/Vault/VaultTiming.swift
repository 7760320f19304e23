/// The clock and the random numbers of a client. Tests replace them.
struct VaultTiming: Sendable {
    /// The time since a fixed moment. It includes the time in which the machine is suspended, as leases do.
    var now: @Sendable () -> Duration
    /// Throws when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void
    /// In 0..<1.
    var random: @Sendable () -> Double

    static var system: VaultTiming {
        let start = ContinuousClock.now
        return VaultTiming(
            now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) },
            random: { .random(in: 0..<1) })
    }
}
