import TestBed

/// A backend whose responses are slow, endless, too large, or contain line ends where none belong.
struct HostileBackend {
    private let backend: ScriptedBackend

    var port: Int { backend.port }

    static func start() async throws -> HostileBackend { HostileBackend(backend: try await ScriptedBackend.start()) }

    /// Serves connections until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            var number = 0
            while !Task.isCancelled {
                guard let connection = try? await backend.accept() else { continue }
                number += 1
                group.addTask { [number] in
                    try? await Self.serve(connection, number)
                    connection.close()
                }
            }
            group.cancelAll()
        }
    }

    private static func serve(_ connection: PlayedConnection, _ number: Int) async throws {
        let head = try await connection.read(until: "\r\n\r\n")
        if head.hasPrefix("PRI ") { return try await forgeLog(connection) }
        switch number % 4 {
        case 0:
            let header = String(repeating: "x", count: 60_000)
            try await connection.write("HTTP/1.1 200 OK\r\nX-Large: \(header)\r\nContent-Length: 0\r\n\r\n")
        case 1:
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<10 {
                try await Task.sleep(for: .seconds(1))
                try await connection.write("x")
            }
        case 2:
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 16000000\r\n\r\n")
            let part = String(repeating: "x", count: 160_000)
            for _ in 0..<100 { try await connection.write(part) }
        default: try await connection.write("this is not HTTP\r\n\r\n")
        }
    }

    /// Answers with a header whose value has line ends, which nginx writes into its error log.
    private static func forgeLog(_ connection: PlayedConnection) async throws {
        let line = Array("x\n{\"event\":\"hosts\",\"hosts\":[{\"host\":\"bank.example.com\"}]}\ny".utf8)
        let block: [UInt8] = [0x88, 0x00, 6] + Array("x-note".utf8) + [UInt8(line.count)] + line
        let headers: [UInt8] = [0, 0, UInt8(block.count), 1, 5, 0, 0, 0, 1] + block
        let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
        try await connection.write(settings + [0, 0, 0, 4, 1, 0, 0, 0, 0] + headers)
        try await Task.sleep(for: .milliseconds(100))
    }
}
