import FlyingSocks
import Foundation
import Synchronization

/// A TCP relay on loopback: a network between a client and a server that can be interrupted.
public final class Relay: Sendable {
    public let port: UInt16
    private let state = Mutex(State())

    private struct State {
        var isDown = false
        var sockets: [AsyncSocket] = []
    }

    private init(port: UInt16) { self.port = port }

    /// Closes all connections, and rejects new ones until `restore`.
    public func cut() {
        let sockets = state.withLock { state in
            state.isDown = true
            defer { state.sockets = [] }
            return state.sockets
        }
        for socket in sockets { shutdown(socket.socket.file.rawValue, Int32(SHUT_RDWR)) }
    }

    /// Accepts connections again.
    public func restore() { state.withLock { $0.isDown = false } }

    private func admits(_ sockets: [AsyncSocket]) -> Bool {
        state.withLock { state in
            if !state.isDown { state.sockets += sockets }
            return !state.isDown
        }
    }

    /// Runs `body` while the relay runs.
    public static func run<Value: Sendable>(
        to server: UInt16, body: @escaping @Sendable (Relay) async throws -> Value
    ) async throws -> Value {
        let pool = SocketPool.make()
        try await pool.prepare()
        let listener = try Socket(domain: Int32(AF_INET), type: .stream)
        try listener.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        try listener.listen()
        defer { try? listener.close() }
        guard case .ip4(_, let port) = try listener.sockname() else { throw SocketError.unsupportedAddress }
        let relay = Relay(port: port)
        let accepting = try AsyncSocket(socket: listener, pool: pool)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try? await pool.run()
                return nil
            }
            group.addTask {
                await withDiscardingTaskGroup { connections in
                    while let client = try? await accepting.accept() {
                        connections.addTask {
                            try? await relay.serve(client, address: .inet(ip4: "127.0.0.1", port: server), pool: pool)
                            try? client.close()
                        }
                    }
                }
                return nil
            }
            group.addTask { try await body(relay) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func serve(_ client: AsyncSocket, address: sockaddr_in, pool: some AsyncSocketPool) async throws {
        let upstream = try await AsyncSocket.connected(to: address, pool: pool)
        defer { try? upstream.close() }
        guard admits([client, upstream]) else { return }
        await withTaskGroup { group in
            group.addTask { await pump(from: client, to: upstream) }
            group.addTask { await pump(from: upstream, to: client) }
        }
    }
}

/// Copies bytes in both directions until one side closes.
private func pump(from: AsyncSocket, to: AsyncSocket) async {
    while let bytes = try? await from.read(atMost: 65536), (try? await to.write(Data(bytes))) != nil {}
    for socket in [from, to] { shutdown(socket.socket.file.rawValue, Int32(SHUT_RDWR)) }
}
