import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Pods as upstreams")
    struct EndpointTests {
        @Test(
            "requests are divided among the pods of a Service, follow their changes, and get 503 when none is usable",
            arguments: [true, false])
        func followed(withCurrentNginx: Bool) async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            let pods = (1...3).map { "127.2.0.\($0)" }
            try site.write("ingress.yaml", [site.ingress("web", host: "a.test")])
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: pods)])
            let controller = try await site.start(nginx: withCurrentNginx ? Tools.nginxCurrent : Tools.nginx)
            #expect(try await answers(controller, "a.test", count: 30) == Set(pods))

            try site.write("service.yaml", [service.manifest, site.slice("web", pods: [pods[1], "127.2.0.4"])])
            try await eventually("only the pods of the Service answer", showing: [controller.process]) {
                try await answers(controller, "a.test", count: 10) == [pods[1], "127.2.0.4"]
            }
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: [])])
            try await controller.serves("a.test", status: 503)
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: [pods[0]])])
            try await controller.reaches(pods[0], host: "a.test")
            // Without a slice, requests go to the address of the Service.
            try site.write("service.yaml", [service.manifest])
            try await controller.reaches(service.address, host: "a.test")
            await controller.stop()
        }

        @Test("no request fails because a pod refuses connections, with or without a body")
        func refused() async throws {
            let site = try await Site.make()
            let dead = site.slice("web", id: "dead", pods: ["127.2.0.9"], port: try FreePort.next())
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, site.ingress("web", host: "a.test"),
                    site.slice("web", pods: ["127.2.0.1"]), dead,
                ])
            let controller = try await site.start()
            for number in 0..<20 {
                var request = controller.request(host: "a.test")
                if number.isMultiple(of: 2) { (request.method, request.body) = ("POST", Array("body".utf8)) }
                #expect(try await controller.send(request).status == 200)
            }
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("127.2.0.9:"))
            await controller.stop()
        }

        @Test("each way of load balancing reaches all pods", arguments: ["round_robin", "least_conn", "random_two"])
        func methods(method: String) async throws {
            let site = try await Site.make()
            let pods = ["127.2.1.1", "127.2.1.2"]
            var ingress = site.ingress("web", host: "a.test")
            ingress["metadata"]["annotations"] = ["vault-ingress.io/load-balancing": .string(method)]
            try site.write("web.yaml", [try site.service("web").manifest, ingress, site.slice("web", pods: pods)])
            let controller = try await site.start()
            #expect(try await answers(controller, "a.test", count: 40) == Set(pods))
            await controller.stop()
        }

        @Test("with a split and with a header, requests go to the pods of the selected Service")
        func choices() async throws {
            let site = try await Site.make()
            let pods = ["v1": "127.2.2.1", "v2": "127.2.2.2", "v1-blue": "127.2.2.3", "v1-green": "127.2.2.4"]
            var split = site.ingress("split", host: "split.test", service: "v1")
            split["metadata"]["annotations"] = ["vault-ingress.io/split": "v1=50,v2=50"]
            var colored = site.ingress("colored", host: "colored.test", service: "v1")
            colored["metadata"]["labels"] = ["deployment_method": "bluegreen"]
            try site.write(
                "web.yaml",
                [split, colored] + (try pods.keys.sorted().map { try site.service($0).manifest })
                    + pods.sorted { $0.key < $1.key }.map { site.slice($0.key, pods: [$0.value]) })
            let controller = try await site.start()
            #expect(try await answers(controller, "split.test", count: 40) == ["127.2.2.1", "127.2.2.2"])
            for (color, pod) in ["blue": "127.2.2.3", "green": "127.2.2.4", "": "127.2.2.1"] {
                var request = controller.request(host: "colored.test")
                request.headers["X-BlueGreen-Backend"] = color
                #expect(try await address(controller, request) == pod)
            }
            await controller.stop()
        }

        @Test("connections that were opened for one protocol are not used for another one")
        func protocols() async throws {
            let site = try await Site.make()
            let ca = try await CertificateAuthority(folder: TemporaryFolder.make("ca"))
            let tls = try await Backend.start(
                folder: site.folder, name: "tls", tls: try await ca.issue("web.shop.svc.cluster.local"))
            var secure = site.ingress("secure", host: "secure.test", service: "web")
            secure["metadata"]["annotations"] = ["vault-ingress.io/backend-protocol": "https"]
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, secure, site.ingress("plain", host: "plain.test", service: "web"),
                    site.slice("web", pods: ["127.2.3.1"], port: tls.port),
                ])
            let controller = try await site.start()
            for _ in 0..<10 {
                #expect(try await controller.send(controller.request(host: "secure.test")).status == 200)
                // Plain http to a TLS port.
                #expect(try await controller.send(controller.request(host: "plain.test")).status == 400)
            }
            await controller.stop()
        }

        /// The addresses of the pods that answer.
        private func answers(_ controller: Controller, _ host: String, count: Int) async throws -> Set<String> {
            var found: Set<String> = []
            for _ in 0..<count { found.insert(try await address(controller, controller.request(host: host))) }
            return found
        }

        private func address(_ controller: Controller, _ request: HTTPRequest) async throws -> String {
            let response = try await controller.send(request)
            guard response.status == 200 else { throw BedError("\(request.url): \(response.status)") }
            return try JSONDecoder().decode(Backend.Answer.self, from: Data(response.body)).serverAddress
        }
    }
}
