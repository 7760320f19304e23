import Glibc
import HTTPClient
import Testing

/// Failures: their codes, times and descriptions.
@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    private static let hang: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
        _ = try await connection.readHead()
        try await connection.waitForClose()
    }

    private static let hangInBody: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
        _ = try await connection.readHead()
        try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin")
        try await connection.waitForClose()
    }

    private func error(_ request: HTTPRequest, by client: HTTPClient = HTTPClient()) async -> HTTPClientError? {
        await #expect(throws: HTTPClientError.self) { _ = try await client.send(request) }
    }

    @Test("a refused connection is reported as such")
    func refused() async {
        // No server listens on tcpmux.
        let url = "http://127.0.0.1:1"
        let error = await error(HTTPRequest(method: "PUT", url: url + "/v1/x?secret"))
        #expect(error?.code == .couldNotConnect)
        #expect(error?.isTransport == true)
        #expect(error?.description.hasPrefix("PUT \(url)/v1/x: could not connect: Connection refused") == true)
    }

    /// In a process of its own, because the limit of file descriptors is one of the whole process. With more descriptors
    /// than the limit, poll(2) fails, and so does libcurl.
    @Test("an error of libcurl ends the transfers of that moment, and later ones work")
    func libcurlFails() async {
        await #expect(processExitsWith: .success) {
            try await ScriptedServer.run(script: Self.hang) { server in
                let client = HTTPClient()
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                var low = limit
                low.rlim_cur = 1
                let pending = Task { try await client.send(HTTPRequest(url: server.url)) }
                while server.asked.count == 0 { try await Task.sleep(for: .milliseconds(10)) }
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low)
                // Wakes the loop up, so that it polls again.
                let cancelled = Task { try await client.send(HTTPRequest(url: server.url)) }
                let first = await pending.result
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                _ = await cancelled.result
                guard case .failure = first else { exit(1) }
                guard await (try? client.send(HTTPRequest(url: "http://127.0.0.1:1"))) == nil else { exit(2) }
            }
        }
    }

    @Test("an unknown name is reported as such")
    func unresolved() async {
        let error = await error(HTTPRequest(url: "http://nobody.invalid/"))
        #expect(error?.code == .couldNotResolve)
    }

    @Test("the timeout of the exchange applies before and within the body")
    func total() async throws {
        for script in [Self.hang, Self.hangInBody] {
            try await ScriptedServer.run(script: script) { server in
                var request = HTTPRequest(url: server.url)
                request.timeout = .milliseconds(150)
                let start = ContinuousClock.now
                let error = await error(request)
                #expect(error?.code == .timedOut)
                #expect(error?.detail == "no complete response within 0.15 seconds")
                #expect((.milliseconds(150)...(.seconds(5))).contains(ContinuousClock.now - start))
                #expect(await eventually { server.closed.count == 1 })
            }
        }
    }

    @Test("the idle timeout counts from the last byte")
    func silence() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(50))
                try await connection.write("x")
            }
            try await connection.waitForClose()
        }
        try await ScriptedServer.run(script: script) { server in
            var request = HTTPRequest(url: server.url)
            request.timeout = nil
            request.idleTimeout = .milliseconds(500)
            let start = ContinuousClock.now
            let stream = try await HTTPClient().stream(request)
            var count = 0
            let error = await #expect(throws: HTTPClientError.self) {
                for try await chunk in stream.body { count += chunk.count }
            }
            #expect(count == 12)
            #expect(error?.code == .idleTimedOut)
            #expect(error?.isTransport == true)
            #expect(ContinuousClock.now - start >= .milliseconds(1000))
        }
    }

    @Test("cancellation returns at once and closes the connection")
    func cancellation() async throws {
        for script in [Self.hang, Self.hangInBody] {
            try await ScriptedServer.run(script: script) { server in
                let client = HTTPClient()
                let sending = Task { try await client.send(HTTPRequest(url: server.url)) }
                #expect(await eventually { server.asked.count == 1 })
                let start = ContinuousClock.now
                sending.cancel()
                let error = await #expect(throws: HTTPClientError.self) { _ = try await sending.value }
                #expect(error?.code == .cancelled)
                #expect(await eventually { server.closed.count == 1 })
                #expect(ContinuousClock.now - start < .seconds(3))
            }
        }
    }

    @Test("a cancelled task sends nothing")
    func cancelledBefore() async throws {
        let asked = Counter()
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { _ in asked.add() }
        try await ScriptedServer.run(script: script) { server in
            let client = HTTPClient()
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await client.send(HTTPRequest(url: server.url))
            }
            task.cancel()
            let error = await #expect(throws: HTTPClientError.self) { _ = try await task.value }
            #expect(error?.code == .cancelled)
            // The loop has processed everything before this.
            _ = try? await client.send(HTTPRequest(url: server.url))
            #expect(asked.count == 1)
        }
    }

    @Test("a stream's transfer ends when its reader is cancelled, and with the last reference to the stream")
    func streamEnds() async throws {
        try await ScriptedServer.run(script: Self.hangInBody) { server in
            let client = HTTPClient()
            let reader = Task {
                for try await _ in try await client.stream(HTTPRequest(url: server.url)).body {}
            }
            #expect(await eventually { server.asked.count == 1 })
            reader.cancel()
            let error = await #expect(throws: HTTPClientError.self) { try await reader.value }
            #expect(error?.code == .cancelled)
            #expect(await eventually { server.closed.count == 1 })

            var stream: HTTPStream? = try await client.stream(HTTPRequest(url: server.url))
            #expect(stream?.status == 200)
            #expect(server.closed.count == 1)
            stream = nil
            #expect(await eventually { server.closed.count == 2 })
        }
    }

    @Test("shutdown ends running requests and rejects later ones")
    func shutdown() async throws {
        try await ScriptedServer.run(script: Self.hangInBody) { server in
            let client = HTTPClient()
            let stream = try await client.stream(HTTPRequest(url: server.url))
            let sending = Task { try await client.send(HTTPRequest(url: server.url)) }
            #expect(await eventually { server.asked.count == 2 })
            client.shutdown()
            client.shutdown()
            let sent = await #expect(throws: HTTPClientError.self) { _ = try await sending.value }
            #expect(sent?.code == .shutDown)
            let read = await #expect(throws: HTTPClientError.self) { for try await _ in stream.body {} }
            #expect(read?.code == .shutDown)
            #expect(await error(HTTPRequest(url: server.url), by: client)?.code == .shutDown)
            #expect(await eventually { server.closed.count == 2 })
        }
    }

    @Test("a running request keeps its client alive")
    func clientLifetime() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await Task.sleep(for: .milliseconds(50))
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        try await ScriptedServer.run(script: script) { server in
            let response = try await HTTPClient().send(HTTPRequest(url: server.url))
            #expect(response.status == 204)
        }
    }

    @Test("a response that is not HTTP and one that ends too early are distinguished")
    func broken() async throws {
        let cases: [(answer: String, code: HTTPClientError.Code)] = [
            ("SSH-2.0-OpenSSH_9.2\r\n", .badResponse), ("", .connectionLost),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .connectionLost),
            (
                "HTTP/1.1 200 OK\r\n"
                    + String(repeating: "X-Fill: \(String(repeating: "y", count: 1000))\r\n", count: 300), .badResponse
            ),
        ]
        for (answer, code) in cases {
            let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
                _ = try await connection.readHead()
                try await connection.write(answer)
            }
            try await ScriptedServer.run(script: script) { server in
                #expect(await error(HTTPRequest(url: server.url))?.code == code, "\(answer.prefix(40))")
            }
        }
    }

    @Test("interim responses are skipped")
    func interim() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
        }
        try await ScriptedServer.run(script: script) { server in
            let response = try await HTTPClient().send(HTTPRequest(url: server.url))
            #expect(response.status == 201)
            #expect(response.headers["link"] == nil)
            #expect(response.body == Array("ok".utf8))
        }
    }

    @Test("a proxy receives the whole URL, and is used only if the request names it")
    func proxy() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            let target = try await connection.readHead().split(separator: " ")[1]
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
        }
        try await ScriptedServer.run(script: script) { server in
            var request = HTTPRequest(url: "http://nobody.invalid/x")
            #expect(await error(request)?.code == .couldNotResolve)
            request.proxy = server.url
            let response = try await HTTPClient().send(request)
            #expect(String(decoding: response.body, as: UTF8.self) == request.url)
        }
    }
}
