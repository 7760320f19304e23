import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Basic auth without Vault")
    struct BasicAuthOutageTests {
        @Test("an outage of Vault keeps the last users, also after a restart; a newly protected host stays closed")
        func away() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna"])
            try site.protect("a")
            let first = try await site.start()
            try await site.answers("a", as: "anna", 200, first)
            await site.bao.process.stop(SIGKILL)
            try site.protect("b")
            try await site.answers("b", 503, first)
            try await eventually("the htpasswd file is stale", showing: [first.process]) {
                try await site.state("a", first)?["state"].string == "stale"
            }
            #expect(try await site.status("a", as: "anna", first) == 200)
            #expect(try await site.status("a", first) == 401)
            await first.stop()
            let second = try await site.start(flags: ["--vault-startup-wait", "200ms"], after: first)
            #expect(try await site.status("a", as: "anna", second) == 200)
            #expect(try await site.status("a", second) == 401)
            #expect(try await site.status("b", second) == 503)
            try await site.reports("b", "Vault is unavailable or denies access", second)
            await second.stop()
        }

        @Test("a deleted htpasswd file stays in use and is reported; an empty one denies all access immediately")
        func deleted() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna"])
            try site.protect("a")
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            try await site.bao.call("DELETE", "secret/data/basic-auth/\(site.site.namespace)/a")
            try await site.reports(
                "a", "no secret at this path in Vault; the last good htpasswd file stays in use", controller)
            #expect(try await site.status("a", as: "anna", controller) == 200)
            try await site.put("a", ["htpasswd": ""])
            try await site.answers("a", as: "anna", 401, controller)
            await controller.stop()
        }

        @Test("without a Vault a protected host is closed, and the reason is reported")
        func noVault() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna"])
            try site.protect("a")
            let controller = try await site.start(hasVault: false)
            #expect(try await site.status("a", as: "anna", controller) == 503)
            try await site.reports("a", "the controller has no Vault (VAULT_ADDR is not set)", controller)
            await controller.stop()
        }

        @Test("an unused htpasswd file is removed with the last generation that refers to it")
        func lifetime() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna"])
            try site.protect("a")
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            let folder = controller.temporaryDir.appending(path: "users")
            func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
            #expect(try names() == ["secret,basic-auth,\(site.site.namespace),a"])
            // Programs that clean up temporary folders may delete the file. It is then read again.
            try FileManager.default.removeItem(at: folder.appending(path: try names()[0]))
            try await site.answers("a", as: "anna", 200, controller)
            try site.site.host("a")
            try await site.answers("a", 200, controller)
            for number in 1...10 {
                try site.site.host("plain\(number)")
                try await controller.serves("plain\(number).example.com")
            }
            try await eventually("the htpasswd file is removed", showing: [controller.process]) { try names().isEmpty }
            await controller.stop()
        }
    }
}
