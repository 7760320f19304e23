import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Traffic")
    struct TrafficTests {
        @Test("an applied Ingress is served, a deleted one is not found")
        func applied() async throws {
            let (bed, controller, namespace) = try await stage()
            let address = try await bed.makeService("web", namespace: namespace)
            let ingress = bed.ingress("web", namespace: namespace, host: "\(namespace).test")
            try await controller.serves("\(namespace).test", status: 404)
            try await bed.api.apply(ingress)
            try await controller.reaches(address, host: "\(namespace).test")
            try await bed.api.delete(ingress)
            try await controller.serves("\(namespace).test", status: 404)
        }

        @Test("a changed Service and a changed path of an Ingress go live")
        func changed() async throws {
            let (bed, controller, namespace) = try await stage()
            let host = "\(namespace).test"
            let web = try await bed.makeService("web", namespace: namespace)
            let api = try await bed.makeService("api", namespace: namespace)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host))
            try await controller.reaches(web, host: host)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host, paths: ["/": "api"]))
            try await controller.reaches(api, host: host)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host, paths: ["/v2": "web"]))
            try await controller.reaches(web, host: host, path: "/v2/users")
            try await controller.serves(host, status: 404)
        }

        @Test("a request arrives unchanged, with headers that describe the client and the requested host")
        func headers() async throws {
            let (controller, host) = try await served()
            let sent = controller.request(
                host: host, path: "/a%20b/?q=1&q=2", method: "POST", headers: ["X-Own": "kept"],
                body: Array("12345".utf8))
            let answer = try await controller.answer(sent)
            #expect(answer.method == "POST")
            #expect(answer.uri == "/a%20b/?q=1&q=2")
            #expect(answer.bodyBytes == 5)
            #expect(answer.headers["x-own"] == "kept")
            #expect(answer.headers["host"] == host)
            #expect(answer.headers["x-real-ip"] == "127.0.0.1")
            #expect(answer.headers["x-forwarded-for"] == "127.0.0.1")
            #expect(answer.headers["x-forwarded-host"] == host)
            #expect(answer.headers["x-forwarded-port"] == String(controller.httpPort))
            #expect(answer.headers["x-forwarded-proto"] == "http")
            #expect(answer.headers["x-request-id"]?.wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
        }

        @Test(
            "forwarding headers of a client are overwritten",
            arguments: [
                ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("X-Forwarded-Proto", "http"),
                ("X-Forwarded-Host", nil), ("X-Forwarded-Port", nil), ("Proxy", nil),
                ("Forwarded", nil), ("X-Forwarded-Prefix", nil), ("X-Forwarded-Ssl", nil), ("X-Forwarded-Scheme", nil),
                ("X-Forwarded-User", nil), ("X-Original-URL", nil), ("X-Rewrite-URL", nil),
                ("X-Original-Method", nil), ("Remote-User", nil),
            ] as [(String, String?)])
        func forged(name: String, expected: String?) async throws {
            let (controller, host) = try await served()
            let answer = try await controller.answer(
                controller.request(host: host, headers: [name: "192.0.2.66"]))
            let found = answer.headers[name.lowercased()]
            #expect(found?.contains("192.0.2.66") != true)
            if let expected { #expect(found == expected) }
        }

        @Test("a host in the request line replaces the Host header, for the routing and for the Service")
        func absoluteForm() async throws {
            let (controller, host) = try await served()
            let answer = try await RawHTTP.send(
                ["GET http://\(host)/a HTTP/1.1", "Host: other.example.com", "Connection: close", ""],
                port: controller.httpPort)
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains(host) && !answer.contains("other.example.com"))
        }

        @Test("the Host header passes unchanged", arguments: ["", ":8080", ".", ".:8080"])
        func hostHeader(rest: String) async throws {
            let (controller, host) = try await served()
            let written = host.uppercased() + rest
            let answer = try await RawHTTP.send(
                ["GET /a HTTP/1.1", "Host: \(written)", "Connection: close", ""], port: controller.httpPort)
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains("\"\(written)\""))
        }

        @Test(
            "a request keeps the request ID of its client if it is valid",
            arguments: [("abc-123", true), ("a b", false), ("a\"b", false), ("", false)])
        func requestIdentity(given: String, isKept: Bool) async throws {
            let (controller, host) = try await served()
            let answer = try await controller.answer(
                controller.request(host: host, headers: ["X-Request-ID": given]))
            #expect((answer.headers["x-request-id"] == given) == isKept)
            #expect(answer.headers["x-request-id"]?.isEmpty == false)
        }

        @Test("a WebSocket works and stays open across reloads")
        func webSocket() async throws {
            let (bed, controller, namespace) = try await stage()
            let address = try await bed.makeService("web", namespace: namespace)
            let host = "\(namespace).test"
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host))
            try await controller.reaches(address, host: host)
            let socket = try await WebSocket.connect(port: controller.httpPort, host: host, path: "/websocket")
            #expect(try await socket.echo("before") == "before")
            try await bed.api.apply(bed.ingress("more", namespace: namespace, host: "more.\(host)"))
            try await controller.reaches(address, host: "more.\(host)")
            #expect(try await socket.echo("after") == "after")
            try socket.close()
        }

        @Test("requests for an ExternalName Service go to its external name")
        func externalName() async throws {
            let (bed, controller, namespace) = try await stage()
            let address = try await bed.makeService("real", namespace: namespace)
            try await bed.api.apply([
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "alias", "namespace": .string(namespace)],
                "spec": ["type": "ExternalName", "externalName": .string("real.\(namespace).svc.cluster.local")],
            ])
            let host = "\(namespace).test"
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host, paths: ["/": "alias"]))
            try await controller.reaches(address, host: host)
        }

        @Test("a Service port can be given by name")
        func namedPort() async throws {
            let (bed, controller, namespace) = try await stage()
            let address = try await bed.makeService("web", namespace: namespace, portName: "front")
            let host = "\(namespace).test"
            try await bed.api.apply(
                bed.ingress(
                    "web", namespace: namespace,
                    spec: """
                        ingressClassName: vault-ingress
                        rules:
                        - host: \(host)
                          http:
                            paths:
                            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: front}}}}
                        """))
            try await controller.reaches(address, host: host)
        }

        private func stage() async throws -> (Bed, Controller, namespace: String) {
            let stage = try await Stage.shared.get()
            return (stage.bed, stage.controller, try await stage.bed.makeNamespace())
        }

        private static let host = Shared {
            let stage = try await Stage.shared.get()
            let namespace = try await stage.bed.makeNamespace()
            let address = try await stage.bed.makeService("web", namespace: namespace)
            let host = "\(namespace).test"
            try await stage.bed.api.apply(stage.bed.ingress("web", namespace: namespace, host: host))
            try await stage.controller.reaches(address, host: host)
            return host
        }

        /// A served host, for tests that change nothing.
        private func served() async throws -> (Controller, host: String) {
            (try await Stage.shared.get().controller, try await Self.host.get())
        }
    }
}
