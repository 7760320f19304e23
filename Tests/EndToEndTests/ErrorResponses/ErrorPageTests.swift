import Foundation
import HTTPClient
import TestBed
import Testing

extension ErrorResponseTests {
    /// A way to get an error that has a page.
    struct Failure: Sendable, CustomTestStringConvertible {
        let title: String
        let host: String
        var path = "/"
        let status: Int
        let reason: String

        var testDescription: String { title }

        static let all = [
            Failure(title: "unknown host", host: "nobody.test", status: 404, reason: "Not Found"),
            Failure(title: "no path matches", host: "web.test", path: "/x.gif", status: 404, reason: "Not Found"),
            Failure(title: "missing Service", host: "missing.test", status: 503, reason: "Service Unavailable"),
            Failure(title: "unresolved Service", host: "unresolved.test", status: 503, reason: "Service Unavailable"),
            Failure(
                title: "connection refused", host: "refused.test", path: "/a.jpg", status: 502, reason: "Bad Gateway"),
            Failure(
                title: "read timeout", host: "slow.test", path: "/sleep/900", status: 504, reason: "Gateway Timeout"),
            Failure(
                title: "backend's own 502", host: "pages.test", path: "/status/502", status: 502,
                reason: "Bad Gateway"),
            Failure(
                title: "backend's own 503", host: "pages.test", path: "/status/503", status: 503,
                reason: "Service Unavailable"),
            Failure(
                title: "backend's own 504", host: "pages.test", path: "/status/504", status: 504,
                reason: "Gateway Timeout"),
        ]
    }

    @Suite("Error pages")
    struct ErrorPageTests {
        private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

        @Test(
            "an error has its status, the accepted content type, the request ID, and no name of a backend",
            arguments: ErrorSite.Nginx.allCases, Failure.all)
        func forms(nginx: ErrorSite.Nginx, failure: Failure) async throws {
            let site = try await ErrorSite.of(nginx)
            let forms = [
                ("text/html; charset=utf-8", browser: Self.browser), ("application/json", "application/json, */*"),
                ("application/json", "application/vnd.api+json"), ("text/plain; charset=utf-8", "*/*"),
                ("text/plain; charset=utf-8", ""),
            ]
            for (index, (type, accept)) in forms.enumerated() {
                let identity = "id-\(index)"
                let answer = try await site.answer(
                    failure.host, path: failure.path, headers: ["Accept": accept, "X-Request-ID": identity])
                #expect(answer.status == failure.status)
                #expect(answer.headers["Content-Type"] == type, "\(accept)")
                #expect(answer.headers["Cache-Control"] == "no-store")
                #expect(answer.headers["X-Request-ID"] == identity)
                let text = answer.text
                #expect(text.contains("\(failure.status)") && text.contains(failure.reason) && text.contains(identity))
                for name in ["svc", "cluster.local", site.site.namespace, "nginx", "127.97.", "{{", "$"] {
                    #expect(!text.contains(name), "\(text)")
                }
                if type == "application/json" {
                    let json = try JSON(parsing: answer.body)
                    #expect(
                        json == [
                            "status": .integer(failure.status), "error": .string(failure.reason),
                            "requestId": .string(identity),
                        ])
                }
            }
        }

        @Test(
            "the application's own responses pass unchanged; with error-pages, all but 502, 503 and 504",
            arguments: ErrorSite.Nginx.allCases,
            [
                ("web.test", 404), ("web.test", 500), ("web.test", 502), ("web.test", 503), ("web.test", 504),
                ("pages.test", 403), ("pages.test", 404), ("pages.test", 413), ("pages.test", 429), ("pages.test", 500),
            ])
        func untouched(nginx: ErrorSite.Nginx, given: (host: String, status: Int)) async throws {
            let status = given.status
            let answer = try await ErrorSite.of(nginx).answer(
                given.host, path: "/status/\(status)", headers: ["Accept": Self.browser])
            #expect(answer.status == status)
            #expect(answer.text.contains("serverAddress"))
        }

        @Test("every method gets the same error, and HEAD gets it without a body", arguments: ErrorSite.Nginx.allCases)
        func methods(nginx: ErrorSite.Nginx) async throws {
            let site = try await ErrorSite.of(nginx)
            for host in ["refused.test", "missing.test", "nobody.test"] {
                let status = try await site.answer(host).status
                let body = [UInt8](repeating: 0x61, count: 100_000)
                for method in ["POST", "PUT", "PATCH"] {
                    let answer = try await site.answer(
                        host, method: method, headers: ["Accept": "application/json"], body: body)
                    #expect(answer.status == status, "\(method) \(host)")
                    #expect(try JSON(parsing: answer.body)["status"].int == status)
                }
                let head = try await site.answer(host, method: "HEAD", headers: ["Accept": Self.browser])
                #expect(head.status == status && head.body.isEmpty)
                #expect(head.headers["Content-Type"] == "text/html; charset=utf-8")
            }
        }

        @Test("HTTP/1.0 and failed upgrades get the page", arguments: ErrorSite.Nginx.allCases)
        func old(nginx: ErrorSite.Nginx) async throws {
            let site = try await ErrorSite.of(nginx)
            let old = try await RawHTTP.send(
                ["GET / HTTP/1.0", "Host: refused.test", "Accept: text/html", ""], port: site.controller.httpPort)
            #expect(old.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n") && old.contains("<h1>502 Bad Gateway</h1>"), "\(old)")
            let upgrade = try await RawHTTP.send(
                [
                    "GET /websocket HTTP/1.1", "Host: refused.test", "Upgrade: websocket",
                    "Connection: Upgrade, close", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                    "Sec-WebSocket-Version: 13", "",
                    "GET / HTTP/1.1", "Host: refused.test", "Connection: close", "",
                ], port: site.controller.httpPort)
            #expect(upgrade.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n") && upgrade.contains("502 Bad Gateway\nrequest "))
        }

        @Test("the Retry-After of a backend is kept", arguments: ErrorSite.Nginx.allCases)
        func retryAfter(nginx: ErrorSite.Nginx) async throws {
            let site = try await ErrorSite.of(nginx)
            #expect(try await site.answer("pages.test", path: "/status/503").headers["Retry-After"] == "7")
            #expect(try await site.answer("refused.test").headers["Retry-After"] == nil)
        }

        @Test(
            "a request ID that is too long or has other characters is replaced", arguments: ErrorSite.Nginx.allCases,
            [#"<script>alert(1)</script>"#, #"a","status":200,"x":"#, "${dollar}", String(repeating: "a", count: 129)])
        func identity(nginx: ErrorSite.Nginx, given: String) async throws {
            let answer = try await ErrorSite.of(nginx).answer(
                "nobody.test", headers: ["Accept": "application/json", "X-Request-ID": given])
            let found = try #require(try JSON(parsing: answer.body)["requestId"].string)
            #expect(found.wholeMatch(of: /[0-9a-f]{32}/) != nil, "\(found)")
        }

        @Test("a request that nginx itself rejects gets nginx's short page", arguments: ErrorSite.Nginx.allCases)
        func refused(nginx: ErrorSite.Nginx) async throws {
            let answer = try await ErrorSite.of(nginx).answer("small.test", method: "POST", body: [1, 2, 3])
            #expect(answer.status == 413)
            #expect(!answer.text.contains("1.22") && !answer.text.contains("small"))
        }

        @Test("a gRPC client gets a gRPC error, others get the page", arguments: ErrorSite.Nginx.allCases)
        func grpc(nginx: ErrorSite.Nginx) async throws {
            let site = try await ErrorSite.of(nginx)
            for type in ["application/grpc", "application/grpc+proto"] {
                let answer = try await site.answer(
                    "grpc.test", method: "POST", headers: ["Content-Type": type], body: [])
                #expect(answer.status == 200 && answer.body.isEmpty)
                #expect(answer.headers["Content-Type"] == "application/grpc")
                #expect(answer.headers["grpc-status"] == "14")
            }
            let web = try await site.answer("grpc.test", headers: ["Content-Type": "application/grpc-web"])
            #expect(web.status == 503 && web.headers["grpc-status"] == nil && web.text.hasPrefix("503 "))
        }
    }
}
