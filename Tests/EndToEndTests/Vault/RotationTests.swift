import Foundation
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificates that replace others without a reload")
    struct RotationTests {
        @Test(
            "new keys fail no handshake under load, cause no reload, and survive a restart", arguments: [false, true])
        func underLoad(isNewestNginx: Bool) async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try await site.put("*.example.org")
            try site.ingress("a", hosts: ["a.example.com", "b.example.org"])
            let nginx = isNewestNginx ? try Tools.nginxCurrent : nil
            let flags = ["--certificate-loading", "dynamic"]
            let controller = try await site.start(flags: flags, nginx: nginx)
            let generation = try await controller.status()["generation"].int
            let request = controller.request(host: "a.example.com", trust: try site.trust)
            var last = ""
            let load = try await Load.during(request, tasks: 2, isReusing: false) {
                for _ in 0..<5 {
                    last = try await site.put("a.example.com")
                    let next = last
                    try await eventually("the new certificate is shown", within: .seconds(3)) {
                        try await site.shown("a.example.com", controller) == next
                    }
                }
            }.load
            #expect(load.failures.isEmpty)
            #expect(load.requests > 20)
            let wildcard = try await site.put("*.example.org")
            try await site.shows("b.example.org", wildcard, controller)
            #expect(try await controller.status()["generation"].int == generation)
            let lines = try controller.auditLines().filter { $0["scope"].string == "rotation" }
            #expect(lines.count == 6)
            await controller.stop()

            let bao = site.bao
            try await bao.call("DELETE", "secret/metadata/ssl/a.example.com")
            let next = try await site.start(flags: flags, nginx: nginx, after: controller)
            #expect(try await site.shown("a.example.com", next) == last)
            #expect(try next.audit().count == 1, "nothing that is served changed")
            await next.stop()
        }

        @Test("a change from static to dynamic loading and back serves on")
        func change() async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            var controller: Controller?
            for loading in ["static", "dynamic", "static", "dynamic"] {
                let next = try await site.start(flags: ["--certificate-loading", loading], after: controller)
                try await site.shows("a.example.com", certificate, next)
                try await next.serves("a.example.com")
                #expect(try next.liveConfiguration.contains("$realpath_root") == (loading == "dynamic"))
                await next.stop()
                controller = next
            }
        }

        @Test("a state folder that the workers cannot enter is reported at startup, with the folder and the flag")
        func unreachable() async throws {
            let site = try await SecureSite.make()
            let closed = site.site.folder.appending(path: "closed-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(
                at: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let state = closed.appending(path: "state").path
            let output = try await Program.run(
                [
                    "run", "--manifests", site.site.manifests.path, "--state-dir", state, "--nginx", Tools.nginx,
                    "--template-dir", Tools.checkout.appending(path: "templates").path, "--audit-log",
                    "\(closed.path)/audit",
                    "--temp-dir", "\(closed.path)/temporary", "--certificate-loading", "dynamic",
                ], in: site.site.folder)
            #expect(output.output.contains("--certificate-loading dynamic"))
            #expect(output.output.contains(closed.path))
        }
    }
}

extension Controller {
    /// Waits for the audit line of a certificate that replaced another one.
    ///
    /// - Parameters:
    ///   - version: in Vault.
    ///   - loading: `static`: with a reload; `dynamic`: without one.
    /// - Returns: the cause and the certificate in the line.
    func replaced(_ host: String, by version: Int, _ loading: String) async throws -> (cause: JSON, certificate: JSON) {
        if loading == "static" {
            let line = try await audited("the new certificate of \(host)") {
                $0["certificates"][0]["version"].int == version
            }
            return (line["causes"][0], line["certificates"][0])
        }
        let entry = try await eventually("the audit log has the new certificate of \(host)", showing: [process]) {
            try auditLines().filter { $0["scope"].string == "rotation" }.flatMap { $0["hosts"].array }
                .first { $0["host"].string == host && $0["certificate"]["version"].int == version }
        }
        return (entry["cause"], entry["certificate"])
    }
}
