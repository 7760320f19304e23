import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Messages of nginx")
    struct MessageTests {
        /// A site with a host whose backend works and one whose backend refuses connections: each request to it is a
        /// message of nginx.
        private func make() async throws -> (site: Site, controller: Controller, web: String) {
            let site = try await Site.make()
            let web = try site.service("web")
            let port = try FreePort.next()
            let closed = try site.service("closed", port: port)
            try site.write(
                "all.yaml",
                [
                    web.manifest, closed.manifest, site.ingress("web", host: "a.test"),
                    site.ingress("closed", host: "closed.test", service: "closed", port: port),
                ])
            let controller = try await site.start(nginx: Tools.nginx)
            try await controller.reaches(web.address, host: "a.test")
            return (site, controller, web.address)
        }

        private func fail(_ count: Int, _ controller: Controller) async throws {
            for _ in 1...count {
                let answer = try await controller.send(controller.request(host: "closed.test"))
                #expect(answer.status == 502)
            }
        }

        /// The records of the log with nginx's messages.
        private func messages(_ controller: Controller) throws -> [JSON] {
            let text = try String(contentsOf: controller.process.log, encoding: .utf8)
            return text.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8)) }
                .filter { $0["message"].string == "nginx message" }
        }

        @Test("a header of a gRPC backend with line ends does not become a line of the log", arguments: [false, true])
        func header(isCurrent: Bool) async throws {
            let site = try await Site.make()
            let port = try FreePort.next()
            let script = Tools.checkout.appending(path: "Tests/GRPC/header.py").path
            let service = try site.service("grpc", port: port)
            let backend = try await ServerProcess(
                "header-\(port)", .init(try Tools.python, [script, service.address, String(port)]), folder: site.folder)
            var ingress = site.ingress("grpc", host: "grpc.test", service: "grpc", port: port)
            ingress["metadata"]["annotations"] = ["vault-ingress.io/backend-protocol": "grpc"]
            try site.write("all.yaml", [service.manifest, ingress])
            // The audit log is on standard output, as in the shipped manifests, in one file with standard error.
            let controller = try await site.start(
                flags: ["--audit-log", "/dev/stdout"], nginx: isCurrent ? Tools.nginxCurrent : Tools.nginx)
            try await eventually("nginx logs the header", showing: [controller.process]) {
                _ = try await controller.send(controller.request(host: "grpc.test"))
                return try messages(controller).contains { $0["error"].string?.contains("bank.example.com") == true }
            }
            let lines = try String(contentsOf: controller.process.log, encoding: .utf8).split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasPrefix("{") && (try? JSON(parsing: Array($0.utf8))) != nil })
            #expect(!lines.contains { $0.hasPrefix(#"{"event":"hosts","time":"2026-01-01"#) })
            await controller.stop()
            await backend.stop()
            let audit = try await Program.run(
                ["audit", "explain", "bank.example.com", controller.process.log.path], in: site.folder)
            #expect(!audit.output.contains("evil/web"))
            #expect(!audit.output.contains("missing") && !audit.output.contains("number"), "\(audit.output)")
        }

        @Test("while the controller is frozen, nginx serves requests, and its messages are dropped and counted")
        func frozen() async throws {
            let (_, controller, web) = try await make()
            try await controller.process.freeze()
            // More than the pipe can hold.
            try await fail(700, controller)
            #expect(try await controller.answer(controller.request(host: "a.test")).serverAddress == web)
            controller.process.signal(SIGCONT)
            try await eventually("the loss is logged", within: .seconds(20), showing: [controller.process]) {
                try String(contentsOf: controller.process.log, encoding: .utf8).contains("nginx messages lost")
            }
            let found = try messages(controller)
            #expect((1..<700).contains(found.count))
            let failure = try #require(found.first { $0["nginx_level"].string == "error" })
            #expect(failure["level"].string == "error")
            await controller.stop()
        }

        @Test("nginx serves requests after its controller is killed, and the next controller reads its messages")
        func killed() async throws {
            let (site, controller, web) = try await make()
            let master = try await controller.nginxMaster()
            await controller.kill()
            try await fail(700, controller)
            #expect(try await controller.answer(controller.request(host: "a.test")).serverAddress == web)
            let before = try messages(controller).count
            let next = try await site.start(after: controller)
            #expect(try await next.nginxMaster() == master)
            try await eventually("the next controller logs a message", showing: [next.process]) {
                try await fail(1, next)
                return try messages(next).count > before
            }
            await next.stop()
        }
    }
}
