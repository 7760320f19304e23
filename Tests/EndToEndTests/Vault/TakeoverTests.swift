import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    /// Both attacks on a host: an old Ingress is edited to claim it, and an exact name below a wildcard.
    @Suite("Takeovers and the host policy") struct TakeoverTests {
        private func write(
            _ site: Site, _ namespace: String, _ name: String, created: String, _ hosts: [String]
        ) throws {
            let rules = hosts.map {
                "    - {host: \"\($0)\", http: {paths: [{path: /, pathType: Prefix, "
                    + "backend: {service: {name: web, port: {number: 80}}}}]}}"
            }
            try site.write(
                "\(namespace).yaml",
                """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: \(name), namespace: \(namespace), creationTimestamp: "\(created)", labels: {ssl: "true"}}
                spec:
                  rules:
                \(rules.joined(separator: "\n"))
                """)
        }

        private func bank(_ site: Site) throws {
            try write(
                site, "bank", "web", created: "2026-02-01T00:00:00Z", ["bank.example.com", "*.team-a.example.com"])
        }

        private func evil(_ site: Site, _ hosts: [String] = []) throws {
            try write(site, "evil", "old", created: "2026-01-01T00:00:00Z", ["evil.example.com"] + hosts)
        }

        private static let stolen = ["bank.example.com", "login.team-a.example.com"]

        private func owners(_ controller: Controller) async throws -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: try await controller.status()["hosts"].array.map {
                    ($0["host"].string ?? "", $0["owner"].string ?? "")
                })
        }

        private let taken: JSON = [
            ["host": "bank.example.com", "from": "bank/web", "to": "evil/old"],
            ["host": "login.team-a.example.com", "from": "bank/web", "to": "evil/old"],
        ]

        @Test(
            "without a policy both are audited, counted and on /status, also across a restart",
            arguments: [false, true])
        func reported(isRestarted: Bool) async throws {
            let secure = try await SecureSite.make()
            let site = secure.site
            try evil(site)
            try bank(site)
            var controller = try await secure.start()
            try await eventually("all hosts are served") { try await owners(controller).count == 3 }
            if isRestarted { await controller.stop() }
            try evil(site, Self.stolen)
            if isRestarted { controller = try await secure.start(after: controller) }
            let served = controller
            let line = try await served.audited("the takeovers") { $0["hosts"]["takenCount"].int == 2 }
            #expect(line["hosts"]["taken"] == taken)
            try await eventually("/status has the takeovers", showing: [served.process]) {
                try await served.status()["takeovers"].array.count == 2
            }
            let metrics = String(decoding: try await served.admin("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("\nvault_ingress_host_takeovers_total 2.0\n"))
            #expect(try await owners(served)["bank.example.com"] == "evil/old")
            await served.stop()
        }

        @Test(
            "the policy rejects both claims, and their certificates are not read; a change of the file applies and is a cause"
        )
        func policy() async throws {
            let secure = try await SecureSite.make()
            let site = secure.site
            let file = site.folder.appending(path: "policy-\(site.namespace).yaml")
            func put(_ text: String) throws { try text.write(to: file, atomically: true, encoding: .utf8) }
            try put(
                """
                default: allow
                domains:
                  - {domain: bank.example.com, namespaces: [bank]}
                  - {domain: "**.team-a.example.com", namespaces: [bank]}
                """)
            try evil(site, Self.stolen)
            // Only a read for the claim of this namespace has this path.
            for host in Self.stolen { try await secure.put(host, path: "teams/evil/\(host)") }
            let controller = try await secure.start(
                flags: ["--host-policy", file.path, "--vault-path", "secret/teams/{namespace}/{host}"])
            try await eventually("both claims are rejected", showing: [controller.process]) {
                try await controller.status()["rejections"].array.filter { $0["reason"] == "HostNotAllowed" }.count == 2
            }
            #expect(try await owners(controller) == ["evil.example.com": "evil/old"])
            let certificates = try await controller.status()["certificates"].array
            #expect(certificates.map { $0["host"] } == ["evil.example.com"])
            try bank(site)
            try await eventually("the bank owns its hosts") {
                try await owners(controller)["bank.example.com"] == "bank/web"
            }
            #expect(try await controller.status()["takeovers"] == [])
            for host in Self.stolen { #expect(try await secure.shown(host, controller) == nil) }
            let state = try FileManager.default.contentsOfDirectory(
                atPath: controller.stateDir.appending(path: "certificates").path)
            #expect(state.isEmpty, "no certificate left Vault")

            try put("default: allow\ndomains: [] # none\nunknown: 1\n")
            try await eventually("the invalid file is on /status", showing: [controller.process]) {
                try await controller.status()["hostPolicy"]["problem"].string?.contains(":3:1: ") == true
            }
            let metrics = String(decoding: try await controller.admin("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("\nvault_ingress_host_policy_rejected 1.0\n"))
            #expect(try await owners(controller)["bank.example.com"] == "bank/web", "the last valid policy applies")
            try put("default: allow\ndomains: []\n")
            let line = try await controller.audited("the takeovers") { $0["hosts"]["takenCount"].int == 2 }
            #expect(line["causes"][0]["kind"] == "HostPolicy")
            #expect(line["causes"][0]["name"] == .string(file.path))
            #expect(line["hosts"]["taken"] == taken)
            await controller.stop()
        }
    }
}
