import TestBed
import Testing

extension ClusterTests {
    @Suite("Rejections")
    struct RejectionTests {
        /// With values that an API server accepts: it does not limit the length of a label and does not check paths of
        /// the type ImplementationSpecific.
        @Test(
            "an invalid host, path or port is rejected on its own: the rest of its Ingress and other Ingresses are served"
        )
        func alone() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            let namespace = try await bed.makeNamespace()
            let web = try await bed.makeService("web", namespace: namespace)
            let longLabel = String(repeating: "a", count: 64)
            let path = "pathType: ImplementationSpecific"
            try await bed.api.apply(
                bed.ingress(
                    "mixed", namespace: namespace,
                    spec: """
                        ingressClassName: vault-ingress
                        rules:
                        - host: \(longLabel).test
                          http: {paths: [{path: /, \(path), backend: \(bed.backend("web"))}]}
                        - host: \(namespace).test
                          http:
                            paths:
                            - {path: "/a//b", \(path), backend: \(bed.backend("web"))}
                            - {path: "/x;}\\n{", \(path), backend: \(bed.backend("web"))}
                            - {path: /port, \(path), backend: {service: {name: web, port: {number: 1}}}}
                            - {path: /good, \(path), backend: \(bed.backend("web"))}
                        """))
            try await bed.api.apply(bed.ingress("neighbour", namespace: namespace, host: "n.\(namespace).test"))
            try await controller.reaches(web, host: "\(namespace).test", path: "/good")
            try await controller.reaches(web, host: "n.\(namespace).test")
            try await controller.serves("\(namespace).test", path: "/a//b", status: 404)
            try await controller.serves("\(namespace).test", path: "/port", status: 503)

            let rejections = try await controller.status()["rejections"].array
                .filter { $0["ingress"].string == "\(namespace)/mixed" }
            let found = Dictionary(
                rejections.map { ($0["field"].string ?? "", $0) }, uniquingKeysWith: { first, _ in first })
            #expect(
                Set(found.keys) == [
                    "spec.rules[0].host", "spec.rules[1].http.paths[0].path", "spec.rules[1].http.paths[1].path",
                    "spec.rules[1].http.paths[2].backend.service.port.number",
                ])
            #expect(found["spec.rules[0].host"]?["value"].string == "\(longLabel).test")
            #expect(found["spec.rules[0].host"]?["reason"].string == "InvalidRule")
            #expect(found["spec.rules[1].http.paths[0].path"]?["explanation"].string == "expected no '//'")
        }

        @Test("a missing Service answers 503, and is served within 10 s of its creation")
        func missingService() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).test"
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host))
            try await controller.serves(host, status: 503)
            let web = try await bed.makeService("web", namespace: namespace)
            try await controller.reaches(web, host: host, within: .seconds(10))
            try await bed.api.delete(Self.service("web", namespace))
            try await controller.serves(host, status: 503)
        }

        @Test("a Service whose name does not resolve answers 503, and is served within 10 s after it does")
        func unresolved() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).test"
            var service = Self.service("web", namespace)
            service["spec"] = ["ports": [["port": .integer(bed.backend.port), "protocol": "TCP"]]]
            let created = try await bed.api.apply(service)
            let web = try #require(created["spec"]["clusterIP"].string)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host))
            try await controller.serves(host, status: 503)
            try bed.dns.set(service: "web", namespace: namespace, address: web)
            try await controller.reaches(web, host: host, within: .seconds(10))
        }

        private static func service(_ name: String, _ namespace: String) -> JSON {
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
            ]
        }
    }
}
