import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("httpsOnly over http")
    struct ClearTextTests {
        /// A text that only responses of the backend contain.
        private static let content = "serverAddress"

        @Test(
            "no request over http gets content, with a certificate or without",
            arguments: [true, false])
        func nothing(hasCertificate: Bool) async throws {
            let site = try await SecureSite.make()
            if hasCertificate { try await site.put("a.example.com") }
            try site.ingress("a", hosts: ["a.example.com"], labels: ["ssl": "true", "httpsOnly": "true"])
            let controller = try await site.start()
            let close = "Connection: close"
            let requests: [[String]] = [
                ["GET / HTTP/1.0", ""],
                ["GET / HTTP/1.0", "Host: a.example.com", ""],
                ["GET / HTTP/1.1", "Host: a.example.com:1234", close, ""],
                ["GET / HTTP/1.1", "Host: A.EXAMPLE.COM", close, ""],
                ["GET / HTTP/1.1", "Host: a.example.com.", close, ""],
                ["GET http://a.example.com/x HTTP/1.1", "Host: other.example.com", close, ""],
                ["GET http://a.example.com:80/x HTTP/1.0", ""],
                ["GET https://a.example.com/x HTTP/1.1", "Host: a.example.com", close, ""],
                ["POST /form HTTP/1.1", "Host: a.example.com", "Content-Length: 1", close, "", "x"],
                ["OPTIONS * HTTP/1.1", "Host: a.example.com", close, ""],
                ["GET /a/../../b?c=d#e HTTP/1.1", "Host: a.example.com", close, ""],
                ["GET /.well-known/acme-challenge/x HTTP/1.1", "Host: a.example.com", close, ""],
                [
                    "GET /websocket HTTP/1.1", "Host: a.example.com", "Upgrade: websocket", "Connection: Upgrade",
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13", "",
                    "GET / HTTP/1.1", "Host: a.example.com", close, "",
                ],
                ["GET / HTTP/1.1", "Host: a.example.com", "X-Forwarded-Proto: https", close, ""],
            ]
            for lines in requests {
                let answer = try await RawHTTP.send(lines, port: controller.httpPort)
                let status = answer.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                #expect(!answer.contains(Self.content), "\(lines)")
                #expect(["301", "400", "404", "405"].contains(status), "\(lines): \(answer.prefix(100))")
                if answer.hasPrefix("HTTP/1.1 301") {
                    // The redirect goes to the host itself, whatever the client sent.
                    #expect(answer.contains("\r\nLocation: https://a.example.com:\(controller.httpsPort)/"), "\(lines)")
                }
            }
            // HTTP/0.9.
            #expect(!(try await RawHTTP.send(["GET /"], port: controller.httpPort).contains(Self.content)))
            await controller.stop()
        }

        @Test("an httpsOnly catch-all redirects every name and serves no content")
        func catchAll() async throws {
            let site = try await SecureSite.make()
            try site.ingress("all", hosts: [""], labels: ["ssl": "true", "httpsOnly": "true"])
            let controller = try await site.start()
            let response = try await controller.send(controller.request(host: "any.example.com", path: "/x"))
            #expect(response.status == 301)
            #expect(response.headers["Location"] == "https://any.example.com:\(controller.httpsPort)/x")
            let nameless = try await RawHTTP.send(["GET / HTTP/1.0", ""], port: controller.httpPort)
            #expect(!nameless.contains(Self.content))
            #expect(!nameless.contains("Location: https:///"), "\(nameless)")
            await controller.stop()
        }

        @Test("content is served over TLS, with HSTS if it is configured")
        func hsts() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"], labels: ["ssl": "true", "httpsOnly": "true"])
            let controller = try await site.start(flags: ["--hsts", "24h"])
            let secure = try await controller.send(controller.request(host: "a.example.com", trust: site.trust))
            #expect(secure.status == 200)
            #expect(secure.headers["Strict-Transport-Security"] == "max-age=86400")
            let error = try await controller.send(
                controller.request(host: "a.example.com", path: "/status/503", trust: site.trust))
            #expect(error.status == 503)
            #expect(error.headers["Strict-Transport-Security"] == "max-age=86400")
            let plain = try await controller.send(controller.request(host: "a.example.com"))
            #expect(plain.headers["Strict-Transport-Security"] == nil)
            await controller.stop()
        }
    }
}
