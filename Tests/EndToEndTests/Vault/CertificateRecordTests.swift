import Foundation
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificates in the audit log")
    struct CertificateRecordTests {
        @Test(
            "a missing, new, replaced and deleted certificate are in the log, and explain shows each at its time",
            arguments: ["static", "dynamic"])
        func life(loading: String) async throws {
            let site = try await SecureSite.make()
            let host = "a.example.com"
            try site.ingress("web", hosts: [host])
            let controller = try await site.start(flags: ["--certificate-loading", loading])
            func logged(_ state: String) async throws -> JSON {
                try await eventually("the audit log has the state \(state)", showing: [controller.process]) {
                    try controller.auditLines().last { $0["event"] == "certificate" && $0["state"].string == state }
                }
            }
            func explain(at time: JSON? = nil) async throws -> String {
                let at = time?.string.map { ["--at", $0] } ?? []
                return try await Program.run(
                    ["audit", "explain", host, controller.auditLog.path] + at, in: site.site.folder
                ).output
            }

            let missing = try await logged("rejected")
            #expect(missing["host"].string == host)
            #expect(missing["ingress"].string == "\(site.site.namespace)/web")
            #expect(missing["problem"].string == "CertificateMissing")
            #expect(missing["certificate"] == .null)
            let without = try await explain()
            #expect(without.contains("It had no certificate.\n  The certificate was rejected since "))
            #expect(without.contains("CertificateMissing no certificate at secret/ssl/a.example.com"))

            try await site.put(host)
            let first = try await controller.audited("the certificate") { $0["certificates"][0]["version"].int == 1 }
            #expect(try await logged("ready")["certificate"]["version"].int == 1)
            try await site.put(host)
            let (cause, second) = try await controller.replaced(host, by: 2, loading)
            #expect(
                cause == [
                    "kind": "Certificate", "namespace": "", "name": .string(host), "change": "modified",
                    "resourceVersion": "2", "manager": .null,
                ])
            try await site.bao.call("DELETE", "secret/metadata/ssl/\(host)")
            let stale = try await logged("stale")
            #expect(stale["certificate"]["version"].int == 2)
            let lost = try await explain()
            #expect(
                lost.contains("Certificate \(second["sha256"].string ?? "?") from vault:secret/ssl/")
            )
            #expect(lost.contains("The certificate was stale since \(stale["time"].string ?? "?"): CertificateMissing"))

            let then = try await explain(at: first["time"])
            #expect(
                then.contains("Certificate \(first["certificates"][0]["sha256"].string ?? "?") from vault:secret/ssl/"))
            #expect(then.contains("Served since generation \(first["generation"].int ?? 0) ("))
            #expect(!then.contains("stale"))
            await controller.stop()
        }

        @Test("a new certificate, or one that Vault confirms after a restart, has no separate line")
        func quiet() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("web", hosts: ["a.example.com"])
            let first = try await site.start()
            try await site.isInState("a.example.com", "ready", first)
            await first.stop()
            let second = try await site.start(after: first)
            try await site.isInState("a.example.com", "ready", second)
            await second.stop()
            #expect(try second.auditLines().filter { $0["event"] == "certificate" }.isEmpty)
            #expect(try second.audit().count == 1)
        }
    }
}
