/// Waits for a condition instead of a fixed time: calls `body` until it returns a value.
///
/// - Parameters:
///   - condition: the condition, for "… did not happen within 30 s".
///   - showing: processes whose last log lines become part of the error.
/// - Throws: `BedError` with the last error of `body` after the time limit. Until then, errors of `body` are ignored.
@discardableResult
public func eventually<Value: Sendable>(
    _ fact: String, within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(20),
    showing processes: [ServerProcess] = [], _ body: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var lastError: (any Error)?
    repeat {
        do {
            if let value = try await body() { return value }
            lastError = nil
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            lastError = error
        }
        try await clock.sleep(for: pause)
    } while clock.now < deadline
    var text = "\(fact): did not happen within \(limit)"
    if let lastError { text += "; last error: \(lastError)" }
    for process in processes { text += "\n--- \(process.name).log ---\n\(process.logTail())" }
    throw BedError(text)
}

/// Waits until `body` is true.
public func eventually(
    _ fact: String, within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(20),
    showing processes: [ServerProcess] = [], _ body: () async throws -> Bool
) async throws {
    try await eventually(fact, within: limit, every: pause, showing: processes) { try await body() ? true : nil }
}
