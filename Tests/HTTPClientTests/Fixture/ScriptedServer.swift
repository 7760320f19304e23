import FlyingSocks
import Foundation
import Synchronization

/// A TCP server on loopback that answers each connection by a script: for chunked, slow, missing and invalid responses.
struct ScriptedServer: Sendable {
    let port: UInt16
    /// The requests whose head has been read.
    let asked = Counter()
    /// The connections that clients have closed, counted by `Connection.waitForClose` in the scripts.
    let closed = Counter()

    var url: String { "http://127.0.0.1:\(port)" }

    struct Connection: Sendable {
        let socket: AsyncSocket
        let server: ScriptedServer

        /// Reads until the end of the request's head.
        func readHead() async throws -> String {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes.append(try await socket.read()) }
            server.asked.add()
            return String(decoding: bytes, as: UTF8.self)
        }

        func write(_ text: String) async throws {
            try await socket.write(Data(text.utf8))
        }

        func writeChunk(_ text: String) async throws {
            try await write("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
        }

        func waitForClose() async throws {
            while (try? await socket.read(atMost: 4096)) != nil {}
            try Task.checkCancellation()
            server.closed.add()
        }
    }

    /// Runs `body` while the server is up. Each connection runs `script`; its errors are ignored.
    static func run<Value: Sendable>(
        script: @escaping @Sendable (Connection) async throws -> Void,
        body: @escaping @Sendable (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let pool = SocketPool.make()
        try await pool.prepare()
        let listener = try Socket(domain: Int32(AF_INET), type: .stream)
        try listener.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        try listener.listen()
        defer { try? listener.close() }
        guard case .ip4(_, let port) = try listener.sockname() else { throw SocketError.unsupportedAddress }
        let server = ScriptedServer(port: port)
        let accepting = try AsyncSocket(socket: listener, pool: pool)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try? await pool.run()
                return nil
            }
            group.addTask {
                await withDiscardingTaskGroup { connections in
                    while let socket = try? await accepting.accept() {
                        connections.addTask {
                            try? await script(Connection(socket: socket, server: server))
                            try? socket.close()
                        }
                    }
                }
                return nil
            }
            group.addTask { try await body(server) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add(_ amount: Int = 1) { value.withLock { $0 += amount } }
}

/// Waits for a condition, which is checked every few milliseconds.
/// - Returns: false if the condition is still false after `bound`.
func eventually(within bound: Duration = .seconds(5), _ isTrue: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + bound
    while ContinuousClock.now < end {
        if try await isTrue() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return try await isTrue()
}
