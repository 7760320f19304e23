import FlyingSocks
import Foundation

/// An exchange of raw bytes, for requests that HTTP clients do not send.
public enum RawHTTP {
    /// Sends the lines, each with CRLF, and returns all bytes until the server closes the connection,
    /// which the request must request.
    ///
    /// - Parameters:
    ///   - address: an IPv4 or IPv6 address of this machine.
    ///   - source: the IPv4 address of the client; by default, the kernel's choice.
    public static func send(
        _ lines: [String], port: Int, to address: String = "127.0.0.1", from source: String? = nil
    ) async throws -> String {
        let socket = try await connect(port: port, to: address, from: source)
        defer { try? socket.close() }
        try await socket.write(Data((lines.joined(separator: "\r\n") + "\r\n").utf8))
        var answer: [UInt8] = []
        // The response ends with the connection, by close or reset.
        while let bytes = try? await socket.read(atMost: 4096), !bytes.isEmpty { answer += bytes }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Sends requests on one connection, and does something after the first.
    ///
    /// - Parameter lines: of each request; the responses must have a `Content-Length`.
    /// - Returns: the first line of each response; empty where the server has closed the connection.
    public static func sendTwice(
        _ lines: [String], port: Int, between act: () async throws -> Void
    ) async throws -> [String] {
        let socket = try await connect(port: port, to: "127.0.0.1", from: nil)
        defer { try? socket.close() }
        let first = try await exchange(lines, socket)
        try await act()
        return [first, (try? await exchange(lines, socket)) ?? ""]
    }

    private static func exchange(_ lines: [String], _ socket: AsyncSocket) async throws -> String {
        try await socket.write(Data((lines.joined(separator: "\r\n") + "\r\n").utf8))
        var answer = ""
        while true {
            answer += String(decoding: try await socket.read(atMost: 4096), as: UTF8.self)
            guard let end = answer.firstRange(of: "\r\n\r\n"),
                let length = answer[..<end.lowerBound].firstMatch(of: #/(?i)content-length: (\d+)/#).flatMap({
                    Int($0.1)
                })
            else { continue }
            if answer[end.upperBound...].utf8.count >= length {
                return String(answer.prefix { $0 != "\r\n" })
            }
        }
    }

    private static func connect(port: Int, to address: String, from source: String?) async throws -> AsyncSocket {
        if address.contains(":") {
            return try await AsyncSocket.connected(to: .inet6(ip6: address, port: UInt16(port)))
        }
        let socket = try Socket(domain: AF_INET)
        if let source { try socket.bind(to: .inet(ip4: source, port: 0)) }
        let connection = try await AsyncSocket(socket: socket, pool: .client)
        do {
            try await connection.connect(to: .inet(ip4: address, port: UInt16(port)))
        } catch {
            try? connection.close()
            throw error
        }
        return connection
    }
}
