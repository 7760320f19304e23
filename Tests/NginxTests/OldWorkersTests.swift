import TestBed
import Testing

@testable import Nginx

@Suite("Workers of earlier generations")
struct OldWorkersTests {
    private func workers(_ memory: [Int]) -> OldWorkers {
        OldWorkers(
            memory.enumerated().map {
                OldWorkers.Worker(pid: Int32($0.offset + 1), started: $0.offset, memory: $0.element)
            })
    }

    @Test(
        "the oldest workers end until the others keep at most the limit; the newest one stays",
        arguments: [
            ([], []), ([40, 40], []), ([60, 60], [1]), ([30, 30, 30, 30], [1]), ([90, 30, 30, 30], [1]),
            ([50, 50, 50, 50], [1, 2]), ([500], []), ([10, 500], [1]),
        ] as [([Int], [Int32])])
    func excess(memory: [Int], ended: [Int32]) {
        #expect(workers(memory).excess(limit: 100).map(\.pid) == ended)
    }

    @Test("a worker that finishes a request after a reload is found with its memory, and others are not")
    func found() async throws {
        try await LiveNginx.run { nginx in
            let backend = try await ScriptedBackend.start()
            let slow =
                "server { listen \(nginx.port); server_name slow; location / { proxy_pass http://127.0.0.1:\(backend.port); } }"
            _ = await nginx.apply("one", extra: slow)
            let master = try #require(nginx.master.processIdentifier)
            #expect(OldWorkers(of: master).workers.isEmpty)
            let client = try await PlayedConnection.connect(port: nginx.port)
            try await client.write("GET / HTTP/1.1\r\nHost: slow\r\n\r\n")
            let request = try await backend.accept()
            _ = await nginx.apply("two", extra: slow)
            try await eventually("the worker with the open request is found") {
                let workers = OldWorkers(of: master).workers
                return !workers.isEmpty && workers.allSatisfy { $0.memory > 100_000 }
            }
            request.close()
            client.close()
        }
    }
}
