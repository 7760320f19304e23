import FlyingSocks
import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    /// Every pod in the cluster's network can reach the admin server.
    @Suite("Admin server") struct AdminTests {
        @Test("probes are answered during hundreds of idle connections, and invalid requests are rejected")
        func bounds() async throws {
            let site = try await Site.make()
            try site.serve("admin.example.com")
            let controller = try await site.start()
            var silent: [AsyncSocket] = []
            defer { for socket in silent { try? socket.close() } }
            for _ in 0..<300 {
                let socket = try await AsyncSocket.connected(
                    to: .inet(ip4: "127.0.0.1", port: UInt16(controller.adminPort)))
                try await socket.write(Data("GET /status HTTP/1.1\r\n".utf8))
                silent.append(socket)
            }
            for page in ["/healthz", "/readyz", "/metrics", "/status", "/"] {
                #expect(try await controller.admin(page).status == 200)
            }
            #expect(try await controller.admin("/etc/passwd").status == 404)
            #expect(
                try await send(["GET / HTTP/1.1", "X: \(String(repeating: "x", count: 9000))", ""], controller) == 431)
            #expect(try await send(["POST /healthz HTTP/1.1", ""], controller) == 405)
            #expect(try await send(["DELETE / HTTP/1.1", ""], controller) == 405)
            #expect(try await send(["nonsense", ""], controller) == 400)
            #expect(try await send(["HEAD /metrics HTTP/1.1", ""], controller) == 200)
            await controller.stop()
        }

        private func send(_ lines: [String], _ controller: Controller) async throws -> Int? {
            let answer = try await RawHTTP.send(lines, port: controller.adminPort)
            return answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
    }
}
