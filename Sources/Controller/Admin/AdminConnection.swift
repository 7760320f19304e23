internal import FlyingSocks
internal import Glibc

internal import struct Foundation.Data

/// A connection to the admin server: one request of limited length and one response.
struct AdminConnection {
    /// In bytes; requests of probes and browsers are much shorter.
    private static let maximumHead = 8192

    let socket: AsyncSocket
    /// The response to the first line of a request.
    let respond: @Sendable (Substring) async -> AdminPage

    /// Closes the connection after the response, at the deadline, or when it is evicted.
    func serve(until eviction: AsyncStream<Void>, deadline: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await exchange() }
            group.addTask { try? await Task.sleep(for: deadline) }
            group.addTask { for await _ in eviction {} }
            await group.next()
            group.cancelAll()
        }
        try? socket.close()
    }

    private func exchange() async throws {
        var head: [UInt8] = []
        while !Self.isComplete(head) {
            guard head.count < Self.maximumHead else {
                try await send(AdminPage(status: "431 Request Header Fields Too Large", "too long\n"))
                // Closing a socket with unread data resets the connection, and the client loses the response.
                shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
                while true { _ = try await socket.read(atMost: Self.maximumHead) }
            }
            head += try await socket.read(atMost: Self.maximumHead - head.count)
        }
        try await send(await respond(String(decoding: head, as: UTF8.self).prefix { !$0.isNewline }))
    }

    /// True if the head has its final empty line (RFC 9112 §2.1).
    private static func isComplete(_ head: [UInt8]) -> Bool {
        head.suffix(4).elementsEqual("\r\n\r\n".utf8) || head.suffix(2).elementsEqual("\n\n".utf8)
            || head.firstRange(of: Array("\r\n\r\n".utf8)) != nil
    }

    private func send(_ page: AdminPage) async throws {
        let head = """
            HTTP/1.1 \(page.status)\r
            Content-Type: \(page.type)\r
            Content-Length: \(page.body.utf8.count)\r
            Connection: close\r
            \r

            """
        try await socket.write(Data((head + (page.isHeadOnly ? "" : page.body)).utf8))
    }
}
