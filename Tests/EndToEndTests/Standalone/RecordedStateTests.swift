import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    /// `Tests/Recorded/version-0.1.0` is a state folder that version 0.1.0 wrote, with the manifests that it was made
    /// from.
    @Suite("A state folder of version 0.1.0")
    struct RecordedStateTests {
        @Test("it is resumed without losing a certificate or a user, and converted; one reload applies new templates")
        func resumed() async throws {
            let site = try await Site.make()
            let controller = try await start(site)
            // Vault is unreachable: all that is served comes from the folder.
            let reload = try await controller.audited("the reload") { $0["event"].string == "reload" }
            #expect(reload["generation"].int == 3 && reload["result"].string == "applied")
            for key in ["added", "removed", "changed"] { #expect(reload[key].array.isEmpty, "\(key)") }
            let status = try JSON(parsing: try await controller.admin("/status").body)
            #expect(status["generation"].int == 3)
            let certificates = status["certificates"].array
            #expect(
                certificates.map { $0["host"].string } == [
                    "secure.example.com", "shop.example.com", "*.shop.example.com", "default certificate",
                ])
            #expect(certificates.allSatisfy { $0["sha256"].string != nil })
            #expect(try await answer(controller, "shop.example.com") == 401, "it requires a password")
            #expect(try await answer(controller, "plain.example.com") == 302)
            #expect(try controller.audit().count == 1)

            let state = controller.stateDir
            #expect(!FileManager.default.fileExists(atPath: state.appending(path: "last-good.json").path))
            for number in ["000001", "000002"] {
                let folder = state.appending(path: "generations/\(number)")
                let configuration = try JSON(
                    parsing: Array(try Data(contentsOf: folder.appending(path: "generation.json"))))
                #expect(configuration["table"]["hosts"].array.count == 4)
                #expect(configuration["certificates"]["hosts"].array.count == 3)
                #expect(configuration["htpasswdFiles"][0]["path"].string == "secret/basic-auth/shop/admin")
                for file in ["nginx.conf", "routes.txt", "certificates.txt", "users.txt"] {
                    let now = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                    #expect(
                        now == (try recorded("generations/\(number)/\(file)", site, controller)),
                        "\(file) stays as it was")
                }
            }
            await controller.stop()

            // The new form is what the next run reads.
            let next = try await start(site, after: controller)
            #expect(try JSON(parsing: try await next.admin("/status").body)["generation"].int == 3)
            #expect(try next.audit().count == 1, "nothing is reloaded")
            await next.stop()
        }

        private static let folder = Tools.checkout.appending(path: "Tests/Recorded/version-0.1.0")

        private func answer(_ controller: Controller, _ host: String) async throws -> Int {
            try await controller.send(controller.request(host: host)).status
        }

        /// Starts with a copy of the recorded folder.
        private func start(_ site: Site, after previous: Controller? = nil) async throws -> Controller {
            let manifests = site.manifests.appending(path: "recorded")
            if previous == nil { try copy("manifests", to: manifests) }
            return try await Controller.start(
                folder: site.folder, source: .manifests(manifests), resolver: site.dns.address,
                flags: ["--default-certificate", "secret/ssl/default"],
                environment: [
                    "VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "none", "VAULT_MAX_RETRIES": "0",
                ], after: previous
            ) { state, temporary, http, https in
                guard previous == nil else { return }
                try copy("state", to: state)
                try copy("temporary", to: temporary)
                // Workers of another user enter it.
                chmod(temporary.path, 0o711)
                let values = values(state, temporary, http, https, site)
                for number in ["000001", "000002"] {
                    for file in ["nginx.conf", "generation.conf"] {
                        let path = "generations/\(number)/\(file)"
                        try text(path, values).write(
                            to: state.appending(path: path), atomically: true, encoding: .utf8)
                    }
                }
            }
        }

        private func copy(_ name: String, to target: URL) throws {
            try FileManager.default.copyItem(at: Self.folder.appending(path: name), to: target)
        }

        /// A recorded file, as it is on this machine.
        private func recorded(_ path: String, _ site: Site, _ controller: Controller) throws -> String {
            try text(
                path,
                values(
                    controller.stateDir, controller.temporaryDir, controller.httpPort, controller.httpsPort, site))
        }

        private func text(_ path: String, _ values: [String: String]) throws -> String {
            var text = try String(contentsOf: Self.folder.appending(path: "state/\(path)"), encoding: .utf8)
            for (name, value) in values { text = text.replacing(name, with: value) }
            if FileManager.default.fileExists(atPath: "/proc/net/if_inet6") { return text }
            return text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.contains("listen \"[::]:") }.joined(separator: "\n")
        }

        private func values(
            _ state: URL, _ temporary: URL, _ http: Int, _ https: Int, _ site: Site
        ) -> [String: String] {
            [
                "@STATE@": state.path, "@TEMPORARY@": temporary.path, "@HTTP_PORT@": "\(http)",
                "@HTTPS_PORT@": "\(https)", "@RESOLVER@": site.dns.address, "@OPEN_FILES@": "\(Self.openFiles)",
                "@CONNECTIONS@": "\(Self.openFiles / 2)",
            ]
        }

        /// As the controller sets them.
        private static var openFiles: Int {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
            return Int(min(limit.rlim_max, 65536))
        }
    }
}
