import Synchronization

/// A value that all tests of a suite share, created on first use: `static let bed = Shared { try await … }`.
public final class Shared<Value: Sendable>: Sendable {
    private let make: @Sendable () async throws -> Value
    private let task = Mutex<Task<Value, any Error>?>(nil)

    public init(_ make: @escaping @Sendable () async throws -> Value) {
        self.make = make
    }

    /// The value, or the error of its creation.
    public func get() async throws -> Value {
        let task = task.withLock { task in
            let running = task ?? Task { [make] in try await make() }
            task = running
            return running
        }
        return try await task.value
    }
}
