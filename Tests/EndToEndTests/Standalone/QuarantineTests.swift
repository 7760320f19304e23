import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Quarantine") struct QuarantineTests {
        private func quarantined(_ controller: Controller) async throws -> [String: String] {
            let page = try JSON(parsing: try await controller.admin("/status").body)
            let entries = page["quarantined"].array
            return Dictionary(
                uniqueKeysWithValues: entries.map { ($0["ingress"].string ?? "", $0["error"].string ?? "") })
        }

        @Test(
            "a rejected Ingress keeps its last good state, over restarts too, others go live, and a change releases it"
        )
        func quarantine() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("service.yaml", [service.manifest])
            try site.write("bad.yaml", [site.ingress("bad", host: "bad.example.com")])
            try site.write("good.yaml", [site.ingress("good", host: "good.example.com")])
            for number in 0..<5 {
                try site.write("n\(number).yaml", [site.ingress("n\(number)", host: "n\(number).example.com")])
            }
            let flags = [
                "--servers", "separate", "--template-dir",
                try RegexTemplates.make(folder: site.folder, name: site.namespace),
            ]
            let first = try await site.start(flags: flags)
            try await first.serves("bad.example.com")

            try site.write("bad.yaml", [site.ingress("bad", host: "bad.example.com", path: "/%28")])
            try site.write("new.yaml", [site.ingress("new", host: "new.example.com")])
            try await first.serves("new.example.com")
            try await eventually("bad is quarantined", showing: [first.process]) {
                try await quarantined(first).keys.contains("\(site.namespace)/bad")
            }
            let message = try #require(try await quarantined(first)["\(site.namespace)/bad"])
            #expect(message.contains("missing closing parenthesis") || message.contains("missing )"))
            #expect(!message.contains("nginx.conf"))
            let line = try await first.audited("the quarantine") { $0["quarantinedCount"].int == 1 }
            #expect(line["result"].string == "applied")
            #expect(line["hosts"]["added"] == ["new.example.com"])
            #expect(
                line["quarantined"] == [
                    ["namespace": .string(site.namespace), "name": "bad", "error": .string(message)]
                ])
            try await first.serves("bad.example.com")
            try await first.serves("good.example.com")
            #expect(await first.stop() == .exited(0))

            let second = try await site.start(flags: flags, after: first)
            try await second.serves("bad.example.com")
            #expect(try await quarantined(second).keys.contains("\(site.namespace)/bad"))
            try site.write("never.yaml", [site.ingress("never", host: "never.example.com", path: "/%5B")])
            try await second.serves("never.example.com", status: 503)
            try await eventually("both are quarantined", showing: [second.process]) {
                try await quarantined(second).count == 2
            }

            try site.write("bad.yaml", [site.ingress("bad", host: "bad.example.com", path: "/fixed")])
            try await second.serves("bad.example.com", path: "/fixed")
            try await second.serves("bad.example.com", status: 404)
            try await eventually("only never is quarantined", showing: [second.process]) {
                Array(try await quarantined(second).keys) == ["\(site.namespace)/never"]
            }
            await second.stop()
        }

        @Test("an Ingress whose host names nginx rejects is left out, and others go live, also at the first start")
        func leftOut() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("service.yaml", [service.manifest])
            try site.write("bad.yaml", [site.ingress("bad", host: "z-a.example.com")])
            try site.write("good.yaml", [site.ingress("good", host: "good.example.com")])
            let controller = try await site.start(flags: [
                "--servers", "separate", "--template-dir",
                try RegexTemplates.make(folder: site.folder, name: site.namespace, includesHosts: true),
            ])
            try await controller.serves("good.example.com")
            try await controller.serves("z-a.example.com", status: 404)
            try site.write("new.yaml", [site.ingress("new", host: "new.example.com")])
            try await controller.serves("new.example.com")
            let message = try #require(try await quarantined(controller)["\(site.namespace)/bad"])
            #expect(message.contains("range out of order"))
            #expect(message.hasSuffix("its hosts are not served, because nginx rejects their last good state too"))

            try site.write("bad.yaml", [site.ingress("bad", host: "a-z.example.com")])
            try await controller.serves("a-z.example.com")
            // The pass ends after nginx serves the host.
            try await eventually("no Ingress is quarantined") { try await quarantined(controller).isEmpty }
            await controller.stop()
        }

        @Test("a rejected Ingress does not block the first start")
        func firstStart() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("service.yaml", [service.manifest])
            try site.write("bad.yaml", [site.ingress("bad", host: "bad.example.com", path: "/%28")])
            try site.write("good.yaml", [site.ingress("good", host: "good.example.com")])
            let controller = try await site.start(flags: [
                "--servers", "separate", "--template-dir",
                try RegexTemplates.make(folder: site.folder, name: site.namespace),
            ])
            try await controller.serves("good.example.com")
            try await controller.serves("bad.example.com", status: 503)
            await controller.stop()
        }
    }
}
