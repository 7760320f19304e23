import FlyingSocks
import Foundation

/// A WebSocket client that sends short texts (RFC 6455), to test upgrades and long connections.
public struct WebSocket: Sendable {
    private let socket: AsyncSocket

    /// Connects to 127.0.0.1 and requests the upgrade.
    ///
    /// - Throws: `BedError` with the response, if its status is not 101.
    public static func connect(port: Int, host: String, path: String) async throws -> WebSocket {
        let socket = try await AsyncSocket.connected(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
        let lines = [
            "GET \(path) HTTP/1.1", "Host: \(host)", "Upgrade: websocket", "Connection: Upgrade",
            // Any 16 bytes: the hash of the response is not checked.
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13", "", "",
        ]
        try await socket.write(Data(lines.joined(separator: "\r\n").utf8))
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) { head.append(try await socket.read()) }
        let answer = String(decoding: head, as: UTF8.self)
        guard answer.hasPrefix("HTTP/1.1 101 ") else { throw BedError("no upgrade: \(answer)") }
        return WebSocket(socket: socket)
    }

    /// Sends a text of at most 125 bytes, and returns the text of the next frame. Throws when the connection ends.
    public func echo(_ text: String) async throws -> String {
        let bytes = Array(text.utf8)
        // RFC 6455 §5.2: final text frame, masked; a mask of zeros leaves the bytes as they are.
        try await socket.write(Data([0x81, 0x80 | UInt8(bytes.count), 0, 0, 0, 0] + bytes))
        return try await receive()
    }

    /// Reads the text of the next frame. Throws when the connection ends.
    public func receive() async throws -> String {
        let head = try await socket.read(bytes: 2)
        return String(decoding: try await socket.read(bytes: Int(head[1] & 0x7f)), as: UTF8.self)
    }

    /// Closes the connection without a closing frame.
    public func close() throws {
        try socket.close()
    }
}
