internal import FlyingSocks

internal import struct Foundation.Data

/// One connection to the admin server: one request of a bounded length, one answer, the end.
struct AdminConnection {
    /// A probe's or a browser's request fits many times.
    private static let longestHead = 8192

    let socket: AsyncSocket
    /// The answer to a request's first line.
    let answer: @Sendable (Substring) -> AdminPage

    /// Closes the connection when it has answered, at the deadline, or when it is to make room.
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
        while !Self.isWhole(head) {
            guard head.count < Self.longestHead else {
                try await send(AdminPage(status: "431 Request Header Fields Too Large", "too long\n"))
                return
            }
            head += try await socket.read(atMost: Self.longestHead - head.count)
        }
        try await send(answer(String(decoding: head, as: UTF8.self).prefix { !$0.isNewline }))
    }

    /// An empty line ends it (RFC 9112 §2.1).
    private static func isWhole(_ head: [UInt8]) -> Bool {
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
