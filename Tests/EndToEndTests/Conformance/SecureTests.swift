import Foundation
import HTTPClient
import TestBed
import Testing

extension ConformanceTests {
    /// Annotations whose effect needs TLS.
    @Suite("Over TLS") struct SecureTests {
        private struct Served {
            let site: SecureSite
            let controller: Controller
        }

        private static let served = Shared {
            let site = try await SecureSite.make()
            try await site.put("*.example.com")
            for (name, annotations) in [
                "default": [:], "off": ["hsts": "off"], "own": ["hsts": "365d"], "bad": ["hsts": "1y"],
                "redirect": ["redirect-to-https": "308", "hsts": "0s"],
            ] {
                try site.site.host(name, annotations: annotations, labels: ["ssl": "true"])
            }
            var closed = site.site.ingress("closed", host: "closed.example.com", path: "/a")
            closed["metadata"]["labels"] = ["ssl": "true", "httpsOnly": "true"]
            closed["metadata"]["annotations"] = ["nginx.ingress.kubernetes.io/auth-url": "http://auth.example.com"]
            try site.site.write("closed.yaml", [closed])
            return Served(site: site, controller: try await site.start(flags: ["--hsts", "1h"]))
        }

        @Test(
            "hsts: sent over TLS and never over http; the annotation overrides --hsts",
            arguments: [
                ("default", "max-age=3600"), ("off", nil), ("own", "max-age=31536000"), ("bad", "max-age=3600"),
                ("redirect", "max-age=0"),
            ] as [(String, String?)])
        func hsts(name: String, expected: String?) async throws {
            let served = try await Self.served.get()
            let host = "\(name).example.com"
            // Errors have the header too.
            for path in ["/", "/status/500"] {
                let secure = try await served.controller.send(
                    served.controller.request(host: host, path: path, trust: served.site.trust))
                #expect(secure.headers["Strict-Transport-Security"] == expected)
                let plain = try await served.controller.send(served.controller.request(host: host, path: path))
                #expect(plain.headers["Strict-Transport-Security"] == nil)
            }
        }

        @Test("a host that another controller protects answers 503 over TLS, and over http instead of a redirect")
        func closed() async throws {
            let served = try await Self.served.get()
            for path in ["/", "/a", "/a/b", "/none"] {
                for trust in [try served.site.trust, nil] as [TLSOptions.Trust?] {
                    let request = served.controller.request(host: "closed.example.com", path: path, trust: trust)
                    #expect(try await served.controller.send(request).status == 503, "\(path)")
                }
            }
        }

        @Test("redirect-to-https: content over TLS, only the redirect over http")
        func redirect() async throws {
            let served = try await Self.served.get()
            let answer = try await served.controller.answer(
                served.controller.request(host: "redirect.example.com", path: "/a", trust: served.site.trust))
            #expect(answer.headers["x-forwarded-proto"] == "https")
            let plain = try await served.controller.raw(host: "redirect.example.com", target: "/a?b", method: "POST")
            #expect(plain.status == 308)
            #expect(
                plain.headers["location"]
                    == "https://redirect.example.com:\(served.controller.httpsPort)/a?b")
            #expect(plain.seen == nil)
        }
    }

    @Suite("gRPC") struct GRPCTests {
        private static let site = Shared {
            let site = try await SecureSite.make()
            try await site.put("*.example.com")
            let server = try await GRPC.Server.start(
                folder: site.site.folder, certificate: site.authority.issue("anybody", names: ["DNS:anybody.test"]))
            let label = ["ssl": "true"]
            try site.site.host("grpc", port: server.port, annotations: ["backend-protocol": "grpc"], labels: label)
            try site.site.host("grpcs", port: server.tlsPort, annotations: ["backend-protocol": "grpcs"], labels: label)
            try site.site.host(
                "slow", port: server.port, annotations: ["backend-protocol": "grpc", "read-timeout": "300ms"],
                labels: label)
            try site.site.host(
                "small", port: server.port, annotations: ["backend-protocol": "grpc", "body-size": "300k"],
                labels: label)
            try site.site.host(
                "headers", port: server.port,
                annotations: ["backend-protocol": "grpc", "response-header-size": "256k"], labels: label)
            try site.site.host(
                "unreachable", port: FreePort.next(), annotations: ["backend-protocol": "grpc"], labels: label)
            try site.site.host(
                "missing", absent: ["web"], annotations: ["backend-protocol": "grpcs"], labels: label)
            return site
        }

        @Test(
            "all four kinds of calls work, with trailers and errors, with and without TLS to the backend",
            arguments: [false, true])
        func calls(isCurrentNginx: Bool) async throws {
            let site = try await Self.site.get()
            let controller = try await site.start(nginx: isCurrentNginx ? Tools.nginxCurrent : Tools.nginx)
            for name in ["grpc", "grpcs"] {
                let host = "\(name).example.com"
                let results = try await GRPC.call(
                    ["unary", "count", "chat", "sum", "large", "error", "unknown"], host: host, controller, site)
                #expect(results["unary"]?["messages"] == ["unary"])
                #expect(results["unary"]?["initial"]["x-initial"] == "kept")
                #expect(results["unary"]?["trailing"]["seen-x-forwarded-host"] == .string(host))
                #expect(results["unary"]?["trailing"]["seen-x-forwarded-proto"] == "https")
                #expect(results["unary"]?["trailing"]["seen-x-real-ip"] == "127.0.0.1")
                #expect(results["count"]?["messages"] == ["0", "1", "2", "3", "4"])
                #expect(results["chat"]?["messages"] == ["one", "two", "three"])
                #expect(results["sum"]?["messages"] == ["1000000"])
                #expect(results["large"]?["messages"] == ["1048576"])
                for call in ["unary", "count", "chat", "sum", "large"] {
                    #expect(results[call]?["code"] == "OK", "\(host) \(call): \(results[call] ?? .null)")
                }
                for call in ["unary", "count", "chat", "sum", "error"] {
                    #expect(results[call]?["trailing"]["x-trailer"] == "kept", "\(host) \(call)")
                }
                #expect(results["error"]?["code"] == "NOT_FOUND")
                #expect(results["error"]?["details"] == "no such thing")
                #expect(results["unknown"]?["code"] == "UNIMPLEMENTED")
            }
            // Ten messages of 100,000 bytes exceed the limit together.
            let small = try await GRPC.call(["sum", "chat"], host: "small.example.com", controller, site)
            #expect(small["sum"]?["code"] != "OK")
            #expect(small["chat"]?["code"] == "OK")
            // The fields of one response may have as many bytes as the annotation says, and 16 KiB without it.
            for (name, size, code) in [
                ("grpc", 15_000, "OK"), ("grpc", 20_000, "UNAVAILABLE"), ("headers", 250_000, "OK"),
                ("headers", 300_000, "UNAVAILABLE"),
            ] {
                let call = "header-\(size)"
                let results = try await GRPC.call([call], host: "\(name).example.com", controller, site)
                #expect(results[call]?["code"] == .string(code), "\(name) \(size)")
                guard code == "OK" else { continue }
                #expect(results[call]?["initial"]["x-large"].string?.utf8.count == size)
            }
            for name in ["unreachable", "missing", "slow"] {
                let results = try await GRPC.call(
                    ["slow", "count"], host: "\(name).example.com", controller, site)
                #expect(results["slow"]?["code"] == "UNAVAILABLE", "\(name): \(results["slow"] ?? .null)")
                let expected: JSON = name == "slow" ? "OK" : "UNAVAILABLE"
                #expect(results["count"]?["code"] == expected, "\(name): \(results["count"] ?? .null)")
            }
            await controller.stop()
        }
    }
}
