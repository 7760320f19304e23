import Glibc
import Testing

@testable import HTTPClient

/// The lifetime of connections.
@Suite(.timeLimit(.minutes(1)))
struct LifetimeTests {
    private static let keepAlive: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
        _ = try await connection.readHead()
        try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        try await connection.waitForClose()
    }

    private static let hang: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
        _ = try await connection.readHead()
        try await connection.waitForClose()
    }

    @Test("an idle connection is closed with its client")
    func idleConnection() async throws {
        try await ScriptedServer.run(script: Self.keepAlive) { server in
            var client: HTTPClient? = HTTPClient()
            let response = try await client?.send(HTTPRequest(url: server.url))
            #expect(response?.status == 204)
            #expect(server.closed.count == 0)
            client = nil
            #expect(await eventually { server.closed.count == 1 })
        }
    }

    @Test("no request fails because the server has closed an idle connection")
    func staleConnection() async throws {
        let script: @Sendable (ScriptedServer.Connection) async throws -> Void = { connection in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        try await ScriptedServer.run(script: script) { server in
            let client = HTTPClient()
            for _ in 0..<50 {
                let request = HTTPRequest(method: "POST", url: server.url, body: Array("{}".utf8))
                let response = try await client.send(request)
                #expect(response.status == 204)
            }
        }
    }

    @Test("timeouts and cancellation apply to a request that waits for a connection")
    func waitingForConnection() async throws {
        try await ScriptedServer.run(script: Self.hang) { server in
            var configuration = HTTPClient.Configuration()
            configuration.maximumConnectionsPerHost = 1
            let client = HTTPClient(configuration: configuration)
            let first = Task { try await client.send(HTTPRequest(url: server.url)) }
            #expect(await eventually { server.asked.count == 1 })
            var request = HTTPRequest(url: server.url)
            request.timeout = .milliseconds(200)
            let late = await #expect(throws: HTTPClientError.self) { _ = try await client.send(request) }
            #expect(late?.code == .timedOut)

            let second = Task { try await client.send(HTTPRequest(url: server.url)) }
            second.cancel()
            let cancelled = await #expect(throws: HTTPClientError.self) { _ = try await second.value }
            #expect(cancelled?.code == .cancelled)
            #expect(server.asked.count == 1)
            first.cancel()
            _ = try? await first.value
        }
    }

    @Test("no child process inherits a connection")
    func closeOnExec() async throws {
        try await ScriptedServer.run(script: Self.keepAlive) { server in
            let client = HTTPClient()
            _ = try await client.send(HTTPRequest(url: server.url))
            let flags = (0..<1024).filter { peerPort($0) == server.port }.map { fcntl($0, F_GETFD) & FD_CLOEXEC }
            #expect(flags == [FD_CLOEXEC])
            client.shutdown()
        }
    }

    private func peerPort(_ descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getpeername(descriptor, $0.baseAddress, &length) }
        }
        return code == 0 && address.sin_family == AF_INET ? UInt16(bigEndian: address.sin_port) : nil
    }
}
