import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Routing")
    struct RoutingTests {
        @Test("a wildcard matches one label and yields to an exact host")
        func wildcard() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            let namespace = try await bed.makeNamespace()
            let wide = try await bed.makeService("wide", namespace: namespace)
            let exact = try await bed.makeService("exact", namespace: namespace)
            let domain = "\(namespace).test"
            try await bed.api.apply(
                bed.ingress("wide", namespace: namespace, host: "*.\(domain)", paths: ["/": "wide"]))
            try await bed.api.apply(
                bed.ingress("exact", namespace: namespace, host: "a.\(domain)", paths: ["/": "exact"]))
            try await controller.reaches(exact, host: "a.\(domain)")
            try await controller.reaches(wide, host: "b.\(domain)")
            try await controller.serves("c.b.\(domain)", status: 404)
            try await controller.serves(domain, status: 404)
        }

        @Test(
            "a default backend serves the requests that no path matches; without rules, it serves every unclaimed host")
        func defaultBackend() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let web = try await bed.makeService("web", namespace: namespace)
            let rest = try await bed.makeService("rest", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace)
            try await bed.api.apply(
                bed.ingress(
                    "own", namespace: namespace,
                    spec: """
                        ingressClassName: vault-ingress
                        defaultBackend: \(bed.backend("rest"))
                        rules:
                        - host: own.test
                          http: {paths: [{path: /web, pathType: Prefix, backend: \(bed.backend("web"))}]}
                        """))
            try await controller.reaches(web, host: "own.test", path: "/web")
            try await controller.reaches(rest, host: "own.test", path: "/else")
            try await controller.serves("unclaimed.test", status: 404)
            let all = try bed.ingress(
                "all", namespace: namespace,
                spec: "{ingressClassName: vault-ingress, defaultBackend: \(bed.backend("web"))}")
            try await bed.api.apply(all)
            try await controller.reaches(web, host: "unclaimed.test", path: "/any")
            try await controller.reaches(rest, host: "own.test", path: "/else")
            // The controller of the other tests would serve it too.
            try await bed.api.delete(all)
            await controller.stop()
        }

        @Test("the empty host is the catch-all")
        func emptyHost() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let web = try await bed.makeService("web", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace)
            let ingress = try bed.ingress(
                "web", namespace: namespace,
                spec: """
                    ingressClassName: vault-ingress
                    rules:
                    - http: {paths: [{path: /web, pathType: Prefix, backend: \(bed.backend("web"))}]}
                    """)
            try await bed.api.apply(ingress)
            try await controller.reaches(web, host: "any.test", path: "/web")
            try await controller.serves("any.test", status: 404)
            try await bed.api.delete(ingress)
            await controller.stop()
        }

        private static let paths = Shared { () -> (host: String, services: [String: String]) in
            let stage = try await Stage.shared.get()
            let bed = stage.bed
            let namespace = try await bed.makeNamespace()
            var services: [String: String] = [:]
            for name in ["prefix", "longer", "exact", "only"] {
                services[name] = try await bed.makeService(name, namespace: namespace)
            }
            let host = "\(namespace).test"
            try await bed.api.apply(
                bed.ingress(
                    "paths", namespace: namespace,
                    spec: """
                        ingressClassName: vault-ingress
                        rules:
                        - host: \(host)
                          http:
                            paths:
                            - {path: /foo, pathType: Prefix, backend: \(bed.backend("prefix"))}
                            - {path: /foo/bar/, pathType: Prefix, backend: \(bed.backend("longer"))}
                            - {path: /foo/bar/baz, pathType: Exact, backend: \(bed.backend("exact"))}
                            - {path: /only, pathType: Exact, backend: \(bed.backend("only"))}
                        """))
            try await stage.controller.reaches(services["prefix"] ?? "", host: host, path: "/foo")
            return (host, services)
        }

        @Test(
            "paths match by whole elements, the longest first, Exact before Prefix, and nothing is redirected",
            arguments: [
                ("/foo", "prefix"), ("/foo/", "prefix"), ("/foo/x", "prefix"), ("/foo?x=/", "prefix"),
                ("/foo/bar", "longer"), ("/foo/bar/", "longer"), ("/foo/bar/x", "longer"),
                ("/foo/bar/baz", "exact"), ("/foo/bar/baz/", "longer"), ("/foo/barbaz", "prefix"),
                ("/only", "only"), ("/only/", nil), ("/only/x", nil), ("/foobar", nil), ("/", nil), ("/Foo", nil),
            ] as [(String, String?)])
        func path(path: String, service: String?) async throws {
            let controller = try await Stage.shared.get().controller
            let (host, services) = try await Self.paths.get()
            if let service {
                let answer = try await controller.answer(controller.request(host: host, path: path))
                #expect(answer.serverAddress == services[service])
                #expect(answer.uri == path)
            } else {
                #expect(try await controller.send(controller.request(host: host, path: path)).status == 404)
            }
        }
    }
}
