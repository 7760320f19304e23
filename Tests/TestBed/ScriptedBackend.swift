import FlyingSocks
import Foundation

/// A TCP connection that a test reads and writes directly.
public struct PlayedConnection: Sendable {
    private let socket: AsyncSocket

    fileprivate init(_ socket: AsyncSocket) { self.socket = socket }

    /// To 127.0.0.1.
    public static func connect(port: Int) async throws -> PlayedConnection {
        PlayedConnection(try await AsyncSocket.connected(to: .inet(ip4: "127.0.0.1", port: UInt16(port))))
    }

    /// Reads until `end`.
    ///
    /// - Returns: everything up to and including `end`.
    public func read(until end: String) async throws -> String {
        var bytes: [UInt8] = []
        while !bytes.suffix(end.utf8.count).elementsEqual(end.utf8) { bytes.append(try await socket.read()) }
        return String(decoding: bytes, as: UTF8.self)
    }

    public func write(_ text: String) async throws { try await socket.write(Data(text.utf8)) }

    public func write(_ bytes: [UInt8]) async throws { try await socket.write(Data(bytes)) }

    public func close() { try? socket.close() }
}

/// A backend on all addresses of this machine, whose connections the test serves.
public struct ScriptedBackend: Sendable {
    public let port: Int
    private let listener: AsyncSocket

    public static func start() async throws -> ScriptedBackend {
        let port = try FreePort.next()
        let socket = try Socket(domain: AF_INET)
        try socket.setValue(true, for: .localAddressReuse)
        try socket.bind(to: .inet(port: UInt16(port)))
        try socket.listen()
        return ScriptedBackend(port: port, listener: try await AsyncSocket(socket: socket, pool: .client))
    }

    /// Waits for the next connection.
    public func accept() async throws -> PlayedConnection { PlayedConnection(try await listener.accept()) }
}
