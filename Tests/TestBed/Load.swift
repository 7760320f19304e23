public import HTTPClient
import Synchronization

/// Requests without a pause, to see what a change costs its users.
public struct Load: Sendable {
    public private(set) var requests = 0
    /// What went wrong, how often; empty if nothing did.
    public private(set) var failures: [String: Int] = [:]
    /// Requests that were sent a second time, because the server had closed the kept connection by then.
    public private(set) var resent = 0
    public private(set) var slowest: Duration = .zero

    public var failed: Int { failures.values.reduce(0, +) }

    /// Sends `request` over and over, from several tasks at once, while `body` runs.
    ///
    /// - Parameters:
    ///   - isReusing: whether connections are kept; otherwise each request has one of its own.
    ///   - pause: of each task between two requests.
    ///   - limit: the most requests to send; the tasks stop there.
    ///   - accepts: whether a response is the right one; its status must be 200 unless given.
    public static func during<Value>(
        _ request: HTTPRequest, tasks: Int = 4, isReusing: Bool = true, pause: Duration = .zero,
        limit: Int = 200_000,
        accepts: @escaping @Sendable (HTTPResponse) -> Bool = { $0.status == 200 },
        _ body: () async throws -> Value
    ) async throws -> (load: Load, value: Value) {
        var request = request
        if !isReusing { request.headers["Connection"] = "close" }
        let load = Mutex(Load())
        let client = HTTPClient()
        defer { client.shutdown() }
        let value = try await withThrowingTaskGroup(of: Void.self) { [request] group in
            for _ in 0..<tasks {
                group.addTask { @Sendable in
                    while !Task.isCancelled {
                        let (failure, isResent, time) = await one(request, client, accepts)
                        // What the end of the test cut off is not the server's failure.
                        if Task.isCancelled { return }
                        let isOver = load.withLock { load in
                            load.record(failure, time, isResent: isResent)
                            return load.requests >= limit
                        }
                        if isOver { return }
                        if pause > .zero { try await Task.sleep(for: pause) }
                    }
                }
            }
            let value = try await body()
            group.cancelAll()
            return value
        }
        return (load.withLock { $0 }, value)
    }

    private static func one(
        _ request: HTTPRequest, _ client: HTTPClient, _ accepts: (HTTPResponse) -> Bool, isResent: Bool = false
    ) async -> (failure: String?, isResent: Bool, time: Duration) {
        let start = ContinuousClock.now
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            let failure = accepts(response) ? nil : "status \(response.status)"
            return (failure, isResent, .now - start)
        } catch {
            // A server may close an idle connection at any time, and a client sends again what it could not send
            // (RFC 9112 §9.3.1). libcurl does so by itself, but not over TLS.
            if !isResent, error.code == .connectionLost, error.detail.hasPrefix("Send failure") {
                return await one(request, client, accepts, isResent: true)
            }
            return (error.description, isResent, .now - start)
        }
    }

    private mutating func record(_ failure: String?, _ time: Duration, isResent: Bool) {
        requests += 1
        if isResent { resent += 1 }
        slowest = max(slowest, time)
        if let failure { failures[failure, default: 0] += 1 }
    }
}
