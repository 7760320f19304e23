import Foundation
import TestBed
import Testing

extension VaultTests {
    @Suite("KV versions and login methods")
    struct CredentialTests {
        @Test("KV 1 is detected and refreshed with a policy for only one path")
        func version1() async throws {
            let site = try await SecureSite.make()
            let bao = site.bao
            try await bao.call("POST", "sys/mounts/old", ["type": "kv", "options": ["version": "1"]])
            try await bao.policy("old", ["old/ssl/*": ["read"]])
            let first = try await site.authority.issue("test", names: ["DNS:a.example.com"])
            try await bao.call("POST", "old/ssl/a.example.com", try first.fields)
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(
                flags: ["--vault-path", "old/ssl/{host}"],
                login: ["VAULT_TOKEN": try await bao.token(policies: ["old"])])
            #expect(try await site.shown("a.example.com", controller) == first.body)
            let next = try await site.authority.issue("test", names: ["DNS:a.example.com"])
            try await bao.call("POST", "old/ssl/a.example.com", try next.fields)
            try await site.shows("a.example.com", next.body, controller)
            try await bao.call("DELETE", "old/ssl/a.example.com")
            try await site.isInState("a.example.com", "stale", controller)
            #expect(try await site.shown("a.example.com", controller) == next.body)
            await controller.stop()
        }

        @Test("AppRole: a revoked token is replaced, and a destroyed secret ID does not affect traffic")
        func appRole() async throws {
            let site = try await SecureSite.make()
            let bao = site.bao
            try await bao.call("POST", "sys/auth/approle", ["type": "approle"])
            try await bao.call(
                "POST", "auth/approle/role/web", ["token_policies": ["ingress"], "token_ttl": "1h"])
            let role = try await bao.call("GET", "auth/approle/role/web/role-id")["data"]["role_id"].string
            let secret = try #require(
                try await bao.call("POST", "auth/approle/role/web/secret-id")["data"]["secret_id"].string)
            let file = bao.folder.appending(path: "secret-id")
            try secret.write(to: file, atomically: true, encoding: .utf8)
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(
                flags: ["--vault-auth", "approle", "--vault-role-id", try #require(role)]
                    + ["--vault-secret-id-file", file.path], login: [:])
            try await site.isInState("a.example.com", "ready", controller)

            try await bao.call("PUT", "sys/leases/revoke-prefix/auth/approle/login")
            let next = try await site.put("a.example.com")
            try await site.shows("a.example.com", next, controller)

            try await bao.call(
                "POST", "auth/approle/role/web/secret-id/destroy", ["secret_id": .string(secret)])
            try await bao.call("PUT", "sys/leases/revoke-prefix/auth/approle/login")
            try await site.isStale("a.example.com", because: "permission denied", controller)
            #expect(try await site.shown("a.example.com", controller) == next)

            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(!log.contains(secret))
            #expect(log.matches(of: #/cannot log in to Vault"/#).count == 1)
            await controller.stop()
        }

        @Test("a changed token file is read again")
        func tokenFile() async throws {
            let site = try await SecureSite.make()
            let file = site.bao.folder.appending(path: "token")
            let first = try await site.bao.token(policies: ["ingress"])
            try first.write(to: file, atomically: true, encoding: .utf8)
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(login: ["VAULT_TOKEN_FILE": file.path])
            try await site.isInState("a.example.com", "ready", controller)
            let second = try await site.bao.token(policies: ["ingress"])
            try await site.bao.call("POST", "auth/token/revoke", ["token": .string(first)])
            try second.write(to: file, atomically: true, encoding: .utf8)
            let next = try await site.put("a.example.com")
            try await site.shows("a.example.com", next, controller)
            try await site.isInState("a.example.com", "ready", controller)
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            for secret in [first, second] { #expect(!log.contains(secret)) }
            await controller.stop()
        }
    }
}

extension CertificateAuthority.Pair {
    /// The certificate in base64, without the PEM header and footer.
    var body: String? {
        (try? String(contentsOf: certificate, encoding: .utf8)).flatMap(TLSHandshake.body(ofPEM:))
    }
}
