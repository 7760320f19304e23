import Foundation
import TestBed
import Testing

extension ConformanceTests {
    @Suite("Sizes of headers") struct HeaderSizeTests {
        /// The headers of the response have exactly this size.
        private func response(_ size: Int) -> String {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\nX-Large: "
            return head + String(repeating: "a", count: size - head.utf8.count - 4) + "\r\n\r\nok"
        }

        @Test(
            "response-header-size: the headers of a response up to the size are passed on, larger ones get 502",
            arguments: ErrorSite.Nginx.allCases)
        func responses(nginx: ErrorSite.Nginx) async throws {
            let site = try await Site.make()
            let backend = try await ScriptedBackend.start()
            let sizes = [nil, "4k", "16k", "32k", "80k", "96k", "113k", "256k"]
            for size in sizes {
                try site.host(
                    "size-\(size ?? "default")", port: backend.port,
                    annotations: size.map { ["response-header-size": $0] } ?? [:])
            }
            try site.host(
                "unbuffered", port: backend.port, annotations: ["response-header-size": "64k", "buffering": "off"])
            let controller = try await site.start(nginx: nginx.path)
            let limits = sizes.map { ("size-\($0 ?? "default")", Int($0?.dropLast() ?? "16") ?? 0) }
            for (host, limit) in limits + [("unbuffered", 64)] {
                // One byte of tolerance: headers that fill nginx's buffer exactly.
                for (size, status) in [(limit << 10, 200), (limit << 10 + 2, 502)] {
                    async let answer = controller.raw(host: "\(host).example.com")
                    let connection = try await backend.accept()
                    _ = try await connection.read(until: "\r\n\r\n")
                    // nginx closes the connection when the headers are too large.
                    try? await connection.write(response(size))
                    let found = try await answer
                    connection.close()
                    #expect(found.status == status, "\(host) \(size)")
                    if status == 200 { #expect(found.body == "ok") }
                }
            }
            await controller.stop()
        }

        @Test(
            "--max-request-line limits the request line (414) and one header (400), --max-request-headers all (400)",
            arguments: ErrorSite.Nginx.allCases)
        func requests(nginx: ErrorSite.Nginx) async throws {
            let site = try await Site.make()
            try site.host("web")
            func status(_ controller: Controller, path: Int = 1, header: Int = 1, count: Int = 1) async throws -> Int {
                let headers = (0..<count).map { ("X-\($0)", String(repeating: "a", count: header)) }
                return try await controller.raw(
                    host: "web.example.com", target: "/" + String(repeating: "p", count: path),
                    headers: Dictionary(uniqueKeysWithValues: headers)
                ).status
            }
            let standard = try await site.start(nginx: nginx.path)
            try await standard.serves("web.example.com")
            #expect(try await status(standard, path: 16_000) == 200)
            #expect(try await status(standard, path: 17_000) == 414)
            #expect(try await status(standard, header: 16_000) == 200)
            #expect(try await status(standard, header: 17_000) == 400)
            #expect(try await status(standard, header: 12_000, count: 6) == 200)
            #expect(try await status(standard, header: 12_000, count: 12) == 400)
            await standard.stop()
            let large = try await site.start(
                flags: ["--max-request-line", "64k", "--max-request-headers", "192k"], nginx: nginx.path)
            try await large.serves("web.example.com")
            #expect(try await status(large, path: 60_000) == 200)
            #expect(try await status(large, path: 66_000) == 414)
            #expect(try await status(large, header: 60_000) == 200)
            #expect(try await status(large, header: 60_000, count: 4) == 400)
            await large.stop()
        }
    }
}
