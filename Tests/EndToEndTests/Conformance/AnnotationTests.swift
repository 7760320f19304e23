import Foundation
import HTTPClient
import TestBed
import Testing

extension ConformanceTests {
    /// Each annotation has the effect that docs/annotations.md describes.
    @Suite("Annotations") struct AnnotationTests {
        private struct Served {
            let site: Site
            let controller: Controller
        }

        private static let served = Shared {
            let site = try await Site.make()
            try site.host("plain")
            try site.host("size", annotations: ["body-size": "1k"])
            try site.host("read", annotations: ["read-timeout": "300ms"])
            try site.host("connect", annotations: ["connect-timeout": "300ms"])
            try site.host("allowed", annotations: ["allow-from": "10.0.0.0/8, 127.0.0.1"])
            try site.host("denied", annotations: ["allow-from": "10.0.0.0/8"])
            try site.host("nobody", annotations: ["allow-from": "everybody"])
            try site.host(
                "closed", paths: [("Prefix /app", "web")],
                annotations: ["allow-from": "10.0.0.0/8", "rate-limit": "1", "app-root": "/app"])
            try site.host("second", annotations: ["allow-from": "127.0.0.2/31, ::1"])
            try site.host("rate", annotations: ["rate-limit": "3"])
            try site.host("root", annotations: ["app-root": "/caf%C3%A9 x"])
            try site.host("r301", annotations: ["redirect-to-https": "301"])
            try site.host("r308", annotations: ["redirect-to-https": "308"])
            try site.host("bad", annotations: ["body-size": "much", "app-root": "/app"])
            try site.host(
                "rewrite",
                paths: [
                    ("Prefix /api", "api"), ("Exact /one", "one"), ("Prefix /a.b%24%28c", "odd"), ("Prefix /", "rest"),
                ],
                annotations: ["rewrite-prefix": "/v2/$x"])
            try site.host("strip", paths: [("Prefix /api", "api")], annotations: ["rewrite-prefix": "/"])
            try site.host("slash", paths: [("Prefix /api/", "api")], annotations: ["rewrite-prefix": "/v2/"])
            try site.host("unicode", paths: [("Prefix /ü", "web")], annotations: ["rewrite-prefix": "/%C3%A9 %25"])
            return Served(site: site, controller: try await site.start())
        }

        private func answer(
            _ host: String, _ target: String = "/", method: String = "GET", headers: [String: String] = [:]
        ) async throws -> RawAnswer {
            try await Self.served.get().controller
                .raw(host: "\(host).example.com", target: target, method: method, headers: headers)
        }

        @Test("body-size: a body above the limit is answered with 413, one at the limit is accepted")
        func bodySize() async throws {
            let controller = try await Self.served.get().controller
            for (bytes, status) in [(1024, 200), (1025, 413)] {
                let request = controller.request(
                    host: "size.example.com", method: "POST", body: Array(repeating: 0x61, count: bytes))
                #expect(try await controller.send(request).status == status)
            }
        }

        @Test("body-size: the limit also applies to chunked bodies")
        func chunked() async throws {
            let controller = try await Self.served.get().controller
            for (size, status) in [(0x400, 200), (0x401, 413)] {
                let answer = try await RawHTTP.send(
                    [
                        "POST / HTTP/1.1", "Host: size.example.com", "Connection: close", "Transfer-Encoding: chunked",
                        "", String(size, radix: 16), String(repeating: "a", count: size), "0", "",
                    ], port: controller.httpPort)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            }
        }

        @Test("read-timeout: 504 if the backend sends nothing for longer; other hosts wait")
        func readTimeout() async throws {
            #expect(try await answer("read", "/sleep/3000").status == 504)
            #expect(try await answer("read", "/sleep/1").status == 200)
            #expect(try await answer("plain", "/sleep/500").status == 200)
        }

        @Test("allow-from: other addresses get 403; a list without a valid address allows no client")
        func allowFrom() async throws {
            #expect(try await answer("allowed").status == 200)
            #expect(try await answer("denied").status == 403)
            #expect(try await answer("nobody").status == 403)
            let controller = try await Self.served.get().controller
            for (source, status) in [("127.0.0.1", 403), ("127.0.0.2", 200), ("127.0.0.3", 200), ("127.0.0.4", 403)] {
                #expect(
                    try await controller.raw(host: "second.example.com", from: source).status == status, "\(source)")
            }
        }

        @Test(
            "allow-from and rate-limit apply to requests for Services, not to responses of nginx itself"
        )
        func withoutService() async throws {
            for (target, status) in [("/", 302), ("/none", 404), ("/", 302), ("/none", 404), ("/app", 403)] {
                #expect(try await answer("closed", target).status == status, "\(target)")
            }
        }

        @Test(
            "allow-from: IPv6 addresses work too",
            .enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")))
        func allowFromIPv6() async throws {
            let controller = try await Self.served.get().controller
            for (host, status) in [("second", 200), ("allowed", 403), ("plain", 200)] {
                #expect(try await controller.raw(host: "\(host).example.com", to: "::1").status == status, "\(host)")
            }
        }

        @Test("rate-limit: requests beyond one second's limit get 429, per client and host, until the rate falls")
        func rateLimit() async throws {
            var statuses: [Int] = []
            for _ in 0..<12 { statuses.append(try await answer("rate").status) }
            #expect(statuses.prefix(3).allSatisfy { $0 == 200 })
            #expect(statuses.contains(429))
            #expect(Set(statuses).isSubset(of: [200, 429]))
            #expect(try await answer("plain").status == 200)
            let controller = try await Self.served.get().controller
            #expect(try await controller.raw(host: "rate.example.com", from: "127.0.0.2").status == 200)
            try await controller.serves("rate.example.com")
        }

        @Test("app-root: only / is redirected, to a path of the same host, with its query")
        func appRoot() async throws {
            let root = try await answer("root", "/?a=b")
            #expect(root.status == 302)
            #expect(root.headers["location"] == "/caf%C3%A9%20x?a=b")
            #expect(try await answer("root", "/x").status == 200)
        }

        @Test("redirect-to-https: http gets only the redirect, with the given status", arguments: [301, 308])
        func redirect(status: Int) async throws {
            let answer = try await answer("r\(status)", "/a%20b?c=d", method: "POST")
            #expect(answer.status == status)
            #expect(answer.headers["location"]?.hasPrefix("https://r\(status).example.com") == true)
            #expect(answer.headers["location"]?.hasSuffix("/a%20b?c=d") == true)
        }

        @Test(
            "rewrite-prefix replaces the matched path, and characters that need it are encoded again",
            arguments: [
                ("/api", "/v2/$x"), ("/api/", "/v2/$x/"), ("/api/users?page=2", "/v2/$x/users?page=2"),
                ("/api/a%20b", "/v2/$x/a%20b"), ("/api/%3Fa", "/v2/$x/%3Fa"), ("/api/%0Aa", "/v2/$x/%0Aa"),
                ("/api/%0D%0AX:%20y", "/v2/$x/%0D%0AX:%20y"),
                ("/api/caf%C3%A9", "/v2/$x/caf%C3%A9"), ("/api/$host", "/v2/$x/$host"), ("//api/./x", "/v2/$x/x"),
                ("/one", "/v2/$x"), ("/one?x", "/v2/$x?x"), ("/a.b$(c/d", "/v2/$x/d"), ("/axb$(c/d", "/v2/$x/axb$(c/d"),
                ("/", "/v2/$x/"), ("/other", "/v2/$x/other"),
            ])
        func rewritePrefix(target: String, expected: String) async throws {
            #expect(try await answer("rewrite", target).seen?.uri == expected)
        }

        @Test(
            "rewrite-prefix: a trailing slash of the rule or the value has no effect",
            arguments: [
                ("slash", "/api", "/v2"), ("slash", "/api/", "/v2/"), ("slash", "/api/x/?q=%2F", "/v2/x/?q=%2F"),
                ("slash", "/apix", nil), ("unicode", "/%C3%BC/a", "/%C3%A9%20%25/a"),
                ("unicode", "/ü", "/%C3%A9%20%25"),
                // Unnecessary escapes are decoded, and an encoded slash becomes a slash.
                ("slash", "/api/a%2Fb", "/v2/a/b"), ("slash", "/api/%61+b%2B", "/v2/a+b+"),
                ("slash", "/api/100%25", "/v2/100%25"), ("slash", "/api/%23?a#b", "/v2/%23?a"),
                ("slash", "/api/%5C%22;%7B%7D", "/v2/%5C%22;%7B%7D"), ("slash", "/api/a/../../api/b", "/v2/b"),
            ] as [(String, String, String?)])
        func rewriteSlash(host: String, target: String, expected: String?) async throws {
            #expect(try await answer(host, target).seen?.uri == expected)
        }

        @Test(
            "rewrite-prefix / removes the prefix",
            arguments: [("/api", "/"), ("/api/", "/"), ("/api/x/", "/x/"), ("/api//x", "/x")])
        func strip(target: String, expected: String) async throws {
            #expect(try await answer("strip", target).seen?.uri == expected)
        }

        @Test("an invalid value is rejected on its own, and reported")
        func badValue() async throws {
            #expect(try await answer("bad").headers["location"] == "/app")
            let rejections = try await Self.served.get().controller.status()["rejections"].array
            #expect(
                rejections.contains {
                    $0["field"].string == "metadata.annotations[vault-ingress.io/body-size]"
                        && $0["value"].string == "much"
                })
        }

        @Test("connect-timeout: 504 if the connection is not answered")
        func connectTimeout() async throws {
            // A listener whose queue is full drops new connections.
            let (site, controller) = try await (Self.served.get().site, Self.served.get().controller)
            let full = try FullListener()
            try site.write(
                "connect.yaml",
                [
                    site.service("full").manifest.with(port: full.port),
                    site.ingress("connect", host: "connect.example.com", service: "full", port: full.port)
                        .with(annotation: "vault-ingress.io/connect-timeout", "300ms"),
                ])
            try await controller.serves("connect.example.com", status: 504)
        }
    }
}

extension JSON {
    fileprivate func with(port: Int) -> JSON {
        var copy = self
        copy["spec"]["ports"] = [["name": "http", "port": .integer(port)]]
        return copy
    }

    fileprivate func with(annotation name: String, _ value: String) -> JSON {
        var copy = self
        copy["metadata"]["annotations"] = .object([name: .string(value)])
        return copy
    }
}
