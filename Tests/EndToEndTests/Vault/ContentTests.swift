import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificates in Vault")
    struct ContentTests {
        @Test(
            "an invalid certificate is rejected with its rule, the last good one stays, and other hosts are not affected"
        )
        func badContent() async throws {
            let site = try await SecureSite.make()
            let good = try await site.put("a.example.com")
            let neighbour = try await site.put("b.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            try site.ingress("b", hosts: ["b.example.com"])
            let controller = try await site.start()
            func pem(_ days: Int = 1, _ name: String = "a.example.com", _ key: [String] = ["rsa:2048"]) async throws
                -> (crt: String, key: String)
            {
                let pair = try await site.authority.issue("test", names: ["DNS:\(name)"], days: days, newKey: key)
                return (
                    try String(contentsOf: pair.certificate, encoding: .utf8),
                    try String(contentsOf: pair.key, encoding: .utf8)
                )
            }
            let valid = try await pem()
            let expired = try await pem(-1)
            let other = try await pem(1, "other.example.com")
            let weak = try await pem(1, "a.example.com", ["rsa:1024"])
            let cases: [(JSON, String)] = [
                (["crt": .string(valid.crt)], "expected the fields crt and key, found crt"),
                (["crt": "nonsense", "key": .string(valid.key)], "not valid PEM"),
                (["crt": .string(valid.crt), "key": .string(other.key)], "the key does not match any"),
                (["crt": .string(expired.crt), "key": .string(expired.key)], "expired at"),
                (["crt": .string(other.crt), "key": .string(other.key)], "does not cover a.example.com"),
                (["crt": .string(weak.crt), "key": .string(weak.key)], "1024 bits"),
                (["crt": .string(String(repeating: "x", count: 1 << 20)), "key": .string(valid.key)], "1048576 bytes"),
            ]
            for (fields, rule) in cases {
                try await site.put(path: "ssl/a.example.com", fields)
                try await eventually("the reason names: \(rule)", showing: [controller.process]) {
                    let state = try await site.state("a.example.com", controller)
                    return state["state"].string == "stale" && state["reason"].string?.contains(rule) == true
                }
            }
            #expect(try await site.shown("a.example.com", controller) == good)
            #expect(try await site.shown("b.example.com", controller) == neighbour)
            let next = try await site.put("a.example.com")
            try await site.shows("a.example.com", next, controller)
            await controller.stop()
        }

        @Test("the PKI engine issues a missing certificate, which is reused after a restart")
        func pki() async throws {
            let site = try await SecureSite.make()
            try await site.bao.call("POST", "sys/mounts/pki", ["type": "pki"])
            try await site.bao.call("POST", "pki/root/generate/internal", ["common_name": "bed", "ttl": "1h"])
            try await site.bao.call(
                "POST", "pki/roles/web", ["allowed_domains": "example.com", "allow_subdomains": true, "ttl": "30m"])
            try await site.bao.policy(
                "ingress", ["secret/data/ssl/*": ["read"], "pki/issue/web": ["update"]])
            try site.ingress("a", hosts: ["a.example.com"])
            let first = try await site.start(flags: ["--vault-pki", "pki/web"])
            let issued = try #require(try await site.shown("a.example.com", first))
            #expect(try await site.state("a.example.com", first)["source"].string == "pki:pki/web")
            await first.stop()
            let second = try await site.start(flags: ["--vault-pki", "pki/web"], after: first)
            try await site.isInState("a.example.com", "ready", second)
            #expect(try await site.shown("a.example.com", second) == issued)
            await second.stop()
        }

        @Test("tokens and keys appear in no page, log, argument list or environment")
        func secrets() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try await site.put(path: "ssl/b.example.com", ["crt": "nonsense", "key": "TOPSECRETKEY"])
            try site.ingress("a", hosts: ["a.example.com", "b.example.com"])
            let controller = try await site.start()
            try await site.isInState("b.example.com", "rejected", controller)
            let nginx = try await controller.nginxMaster()
            var places = [
                "/status": String(decoding: try await controller.admin("/status").body, as: UTF8.self),
                "/metrics": String(decoding: try await controller.admin("/metrics").body, as: UTF8.self),
                "log": try String(contentsOf: controller.process.log, encoding: .utf8),
                "audit": try controller.audit().map { String(decoding: try $0.bytes, as: UTF8.self) }.joined(),
            ]
            let pid = try #require(controller.process.pid)
            for file in ["\(pid)/cmdline", "\(nginx)/cmdline", "\(nginx)/environ"] {
                places[file] = String(
                    decoding: FileManager.default.contents(atPath: "/proc/\(file)") ?? Data(), as: UTF8.self)
            }
            for (place, text) in places {
                #expect(!text.isEmpty, "\(place)")
                for secret in [site.secretToken, "TOPSECRETKEY", "PRIVATE KEY", "VAULT_TOKEN"] {
                    #expect(!text.contains(secret), "\(secret) is in \(place)")
                }
            }
            let log = try #require(places["log"])
            let rejections = log.matches(of: #/certificate is rejected/#).count
            #expect(rejections == 1, "one line per change of state, not per read")
            await controller.stop()
        }
    }
}
