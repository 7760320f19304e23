import FlyingSocks
import Foundation

/// An exchange byte for byte, for what no proper client sends.
public enum RawHTTP {
    /// Sends the lines, each with CRLF, and gives everything that comes back until the server closes the connection,
    /// which the request must ask for.
    public static func send(_ lines: [String], port: Int) async throws -> String {
        let socket = try await AsyncSocket.connected(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
        defer { try? socket.close() }
        try await socket.write(Data((lines.joined(separator: "\r\n") + "\r\n").utf8))
        var answer: [UInt8] = []
        // Its end, by close or by reset, is the end of the answer.
        while let byte = try? await socket.read() { answer.append(byte) }
        return String(decoding: answer, as: UTF8.self)
    }
}
