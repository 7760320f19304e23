public import HTTPClient
import Synchronization

/// A constant load, to measure the effect of a change on clients.
public struct Load: Sendable {
    public private(set) var requests = 0
    /// The number of failures by description.
    public private(set) var failures: [String: Int] = [:]
    /// The number of requests that were retried because the server had closed the idle connection.
    public private(set) var resent = 0
    public private(set) var slowest: Duration = .zero

    public var failed: Int { failures.values.reduce(0, +) }

    /// Sends `request` repeatedly, from several concurrent tasks, while `body` runs.
    ///
    /// - Parameters:
    ///   - isReusing: keep connections alive; otherwise each request opens one.
    ///   - pause: the time between two requests of a task.
    ///   - limit: the maximum number of requests.
    ///   - accepts: true for a correct response; by default, one with status 200.
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
                        // Requests that the end of the test interrupts do not count.
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
            // A server may close an idle connection at any time, and clients retry in that case
            // (RFC 9112 §9.3.1). libcurl does, but not with TLS,
            // and not with HTTP/2, for requests that the GOAWAY of the old worker excludes (RFC 9113 §6.8).
            let isUnsent = ["Send failure", "Error in the HTTP2 framing layer"].contains { error.detail.hasPrefix($0) }
            if !isResent, error.code == .connectionLost, isUnsent {
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
