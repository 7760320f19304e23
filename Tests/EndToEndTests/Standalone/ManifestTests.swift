import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Manifest folder")
    struct ManifestTests {
        @Test("files are served, edits by rename go live, and removed hosts answer 404")
        func served() async throws {
            let site = try await Site.make()
            let controller = try await site.start()
            try await controller.serves("a.test", status: 404)
            let web = try site.serve("a.test")
            // Another file stays: an empty folder counts as lost (`EmptyFolderTests`).
            try site.write("stays.yaml", [site.ingress("stays", host: "stays.test")])
            try await controller.reaches(web, host: "a.test")
            // The same file, with another host.
            let again = try site.serve("b.test")
            try await controller.reaches(again, host: "b.test")
            try await controller.serves("a.test", status: 404)
            try FileManager.default.removeItem(at: site.manifests.appending(path: "web.yaml"))
            try await controller.serves("b.test", status: 404)
            await controller.stop()
        }

        @Test("an invalid file is reported with its line, its last valid content stays, and other files are read")
        func broken() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            try site.write("web.yaml", "kind: Ingress\nmetadata: {name: web}\nspec: [\n")
            try await eventually("the log has the invalid line", showing: [controller.process]) {
                try await log(controller).contains(#/"error":"web\.yaml:4:1: /#)
            }
            try site.write("more.yaml", [site.ingress("more", host: "more.test")])
            try await controller.reaches(web, host: "more.test")
            #expect(try await controller.answer(controller.request(host: "a.test")).serverAddress == web)

            let repaired = try site.serve("a.test")
            try await controller.reaches(repaired, host: "a.test")
            #expect(try await log(controller).contains("manifest valid again"))
            await controller.stop()
        }

        @Test("a field of the wrong type is reported with its line and name")
        func wrongType() async throws {
            let site = try await Site.make()
            let controller = try await site.start()
            try site.write(
                "web.yaml",
                """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                spec:
                  rules:
                    - host: [a.test]
                """)
            try await eventually("the log has the line", showing: [controller.process]) {
                try await log(controller).contains(#""error":"web.yaml:7:13: spec.rules[0].host: "#)
            }
            await controller.stop()
        }

        @Test(
            "the Ingress with the older creationTimestamp owns the host; invalid hosts, paths and ports are rejected individually"
        )
        func rules() async throws {
            let site = try await Site.make()
            let (old, young) = (try site.service("old"), try site.service("young"))
            try site.write("services.yaml", [old.manifest, young.manifest])
            try site.write(
                "ingresses.yaml",
                [
                    site.ingress("a", host: "a.test", service: "young", created: "2026-01-02T00:00:00Z"),
                    site.ingress("b", host: "a.test", service: "old", created: "2026-01-01T00:00:00Z"),
                    site.ingress("host", host: "a_b.test", service: "old"),
                    site.ingress("address", host: "192.0.2.1", service: "old"),
                    site.ingress("path", host: "path.test", path: "no-slash", service: "old"),
                    site.ingress("port", host: "port.test", service: "old", port: 70_000),
                ])
            let controller = try await site.start()
            try await controller.reaches(old.address, host: "a.test")
            try await controller.serves("path.test", status: 404)
            try await controller.serves("port.test", status: 503)
            let rejections = try await controller.status()["rejections"].array.map {
                "\($0["ingress"].string ?? "") \($0["field"].string ?? "") \($0["value"].string ?? "")"
            }
            #expect(
                rejections.sorted()
                    == [
                        "a spec.rules[0].host a.test",
                        "address spec.rules[0].host 192.0.2.1",
                        "host spec.rules[0].host a_b.test",
                        "path spec.rules[0].http.paths[0].path no-slash",
                        "port spec.rules[0].http.paths[0].backend.service.port.number 70000",
                    ].map { "\(site.namespace)/\($0)" })
            await controller.stop()
        }

        private func log(_ controller: Controller) async throws -> String {
            try String(contentsOf: controller.process.log, encoding: .utf8)
        }
    }
}
