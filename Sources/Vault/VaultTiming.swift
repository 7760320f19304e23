/// Time and chance, as values: the machine's own, or a test's.
public struct VaultTiming: Sendable {
    /// Time since some fixed moment; goes on while the machine sleeps, as leases do.
    public var now: @Sendable () -> Duration
    /// Throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// In 0..<1.
    public var random: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    public static var system: VaultTiming {
        let start = ContinuousClock.now
        return VaultTiming(
            now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) },
            random: { .random(in: 0..<1) })
    }
}
