import Testing

@testable import HTTPClient

/// Streams from a scripted server.
@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    private static let chunkedHead = "HTTP/1.1 200 OK\r\nX-Kind: watch\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func get(_ url: String) -> HTTPRequest {
        var request = HTTPRequest(url: url)
        request.timeout = .seconds(20)
        return request
    }

    @Test("lines are assembled across chunks, and the last one needs no line break")
    func linesAcrossChunks() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write(Self.chunkedHead)
            for chunk in ["one\ntw", "o\n\nthr", "ee", "\nlast"] { try await connection.writeChunk(chunk) }
            try await connection.write("0\r\n\r\n")
        }
        try await ScriptedServer.run(script: script) { server in
            let stream = try await HTTPClient().stream(get(server.url))
            #expect(stream.status == 200)
            #expect(stream.headers["x-kind"] == "watch")
            var lines: [String] = []
            for try await line in stream.lines { lines.append(String(decoding: line, as: UTF8.self)) }
            #expect(lines == ["one", "two", "", "three", "last"])
        }
    }

    @Test("a line is delivered before the response ends")
    func linesArriveEarly() async throws {
        let gate = Counter()
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write(Self.chunkedHead)
            try await connection.writeChunk("first\n")
            guard await eventually({ gate.count == 1 }) else { return }
            try await connection.writeChunk("second\n")
            try await connection.write("0\r\n\r\n")
        }
        try await ScriptedServer.run(script: script) { server in
            var lines = try await HTTPClient().stream(get(server.url)).lines.makeAsyncIterator()
            #expect(try await lines.next() == Array("first".utf8))
            gate.add()
            #expect(try await lines.next() == Array("second".utf8))
            #expect(try await lines.next() == nil)
        }
    }

    @Test("a line longer than the limit ends the stream")
    func lineTooLong() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write(Self.chunkedHead)
            try await connection.writeChunk("short\n" + String(repeating: "x", count: 5000))
            try await connection.waitForClose()
        }
        try await ScriptedServer.run(script: script) { server in
            var lines = try await HTTPClient().stream(get(server.url)).lines(maximumLength: 1000).makeAsyncIterator()
            #expect(try await lines.next() == Array("short".utf8))
            let error = await #expect(throws: HTTPClientError.self) { _ = try await lines.next() }
            #expect(error?.code == .lineTooLong)
            #expect(await eventually { server.closed.count == 1 })
        }
    }

    @Test("a stream that is interrupted in a chunk ends with an error")
    func cutStream() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write(Self.chunkedHead)
            try await connection.writeChunk("whole\n")
            try await connection.write("ff\r\nhalf")
        }
        try await ScriptedServer.run(script: script) { server in
            var lines = try await HTTPClient().stream(get(server.url)).lines.makeAsyncIterator()
            #expect(try await lines.next() == Array("whole".utf8))
            let error = await #expect(throws: HTTPClientError.self) { _ = try await lines.next() }
            #expect(error?.code == .connectionLost)
        }
    }

    @Test("a fast server waits for a slow reader")
    func backpressure() async throws {
        let mebibyte = String(repeating: "x", count: 1 << 20)
        let sent = Counter()
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n")
            for _ in 0..<64 {
                try await connection.write(mebibyte)
                sent.add()
            }
        }
        try await ScriptedServer.run(script: script) { server in
            var request = get(server.url)
            // Must not count the time for which the transfer is paused.
            request.idleTimeout = .seconds(2)
            let stream = try await HTTPClient().stream(request)
            var before = -1
            while sent.count != before {
                before = sent.count
                try await Task.sleep(for: .milliseconds(2500))
            }
            #expect(before < 16, "what the sockets' own buffers hold")
            var count = 0
            for try await chunk in stream.body {
                #expect(chunk.count <= 256 << 10)
                count += chunk.count
            }
            #expect(count == 64 << 20)
        }
    }
}
