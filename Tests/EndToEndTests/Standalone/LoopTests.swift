import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Proxy loops")
    struct LoopTests {
        @Test(
            "a Service that leads back to nginx costs three passes, then the request gets 508",
            arguments: ErrorSite.Nginx.allCases)
        func loop(nginx: ErrorSite.Nginx) async throws {
            let site = try await Site.make()
            try site.serve("web.test")
            let controller = try await site.start(flags: ["--installation-id", "edge.example"], nginx: nginx.path)
            // nginx listens on all addresses, also on that of this Service.
            let service = try site.service("loop", port: controller.httpPort)
            try site.write(
                "loop.yaml",
                [service.manifest, site.ingress("loop", host: "loop.test", service: "loop", port: controller.httpPort)])
            try await controller.serves("loop.test", status: 508)
            let id = "loop-\(UUID().uuidString)"
            let response = try await controller.send(
                controller.request(host: "loop.test", headers: ["X-Request-ID": id, "Accept": "application/json"]))
            #expect(response.status == 508)
            #expect(String(decoding: response.body, as: UTF8.self).contains("Loop Detected"))
            let passes = try await eventually("all passes are in the access log") {
                let lines = controller.process.logTail().split(separator: "\n").filter { $0.contains(id) }
                return lines.count >= 4 ? lines.count : nil
            }
            #expect(passes == 4)
            await controller.stop()
        }

        @Test(
            "only the identifier of this installation counts, as an element of the list",
            arguments: [
                ("", 200), ("edge.example, edge.example", 200), ("edge.example,edge.example,edge.example", 508),
                ("edge.example; v=1, cdn;x=\"y\", edge.example, other, edge.example", 508),
                ("other, other, other, other", 200),
                ("edge.example-2, edge.example-2, edge.example-2", 200),
                ("my-edge.example, my-edge.example, my-edge.example", 200),
                ("edgeXexample, edgeXexample, edgeXexample", 200),
            ])
        func identifiers(header: String, status: Int) async throws {
            for nginx in ErrorSite.Nginx.allCases {
                let controller = try await Self.shared(nginx)
                let request = controller.request(host: "web.test", headers: header.isEmpty ? [:] : ["CDN-Loop": header])
                let response = try await controller.send(request)
                #expect(response.status == status, "\(nginx)")
                guard status == 200 else { continue }
                let answer = try await controller.answer(request)
                #expect(answer.headers["cdn-loop"] == (header.isEmpty ? "" : "\(header), ") + "edge.example")
            }
        }

        private static let oldest = Shared { try await start(.oldest) }
        private static let current = Shared { try await start(.current) }

        private static func shared(_ nginx: ErrorSite.Nginx) async throws -> Controller {
            try await (nginx == .oldest ? oldest : current).get()
        }

        private static func start(_ nginx: ErrorSite.Nginx) async throws -> Controller {
            let site = try await Site.make()
            try site.serve("web.test")
            let controller = try await site.start(flags: ["--installation-id", "edge.example"], nginx: nginx.path)
            try await controller.serves("web.test", status: 200)
            return controller
        }
    }
}
