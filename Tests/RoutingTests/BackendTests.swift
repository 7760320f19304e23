import KubernetesAPI
import Routing
import Testing

@Suite("Backends and Services")
struct BackendTests {
    private func answer(_ port: Ingress.Backend.Port, _ services: Service...) throws -> Router.Result {
        try route([ingress("a", [rule("a.example.com", path("/", port: port))])], services: services)
    }

    @Test("a port is found by number and by name")
    func ports() throws {
        let web = service("web", ports: [.init(name: "http", port: 8080), .init(name: "metrics", port: 9090)])
        #expect(try answer(.number(9090), web).answer("a.example.com", "/") == "web.shop.svc.cluster.local:9090")
        #expect(try answer(.name("http"), web).answer("a.example.com", "/") == "web.shop.svc.cluster.local:8080")
    }

    @Test("a Service that does not exist answers 503 and is rejected")
    func missingService() throws {
        let result = try answer(.number(80))
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        #expect(result.rejections.map(\.reason) == [.serviceNotFound])
        #expect(result.rejections.map(\.field) == ["spec.rules[0].http.paths[0].backend.service.name"])
    }

    @Test(
        "a port that the Service does not have answers 503, and the rejection lists its ports",
        arguments: [true, false])
    func missingPort(byName: Bool) throws {
        let web = service("web", ports: [.init(name: "http", port: 8080), .init(port: 9090)])
        let result = try answer(byName ? .name("grpc") : .number(81), web)
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        let explanation = try #require(result.rejections.first).explanation
        #expect(explanation == "expected a port of Service shop/web, which has http=8080, 9090")
    }

    @Test("a Service of another namespace is not reachable")
    func namespaces() throws {
        #expect(try answer(.number(80), service("web", namespace: "zoo")).answer("a.example.com", "/") == "unavailable")
    }

    @Test("an ExternalName Service is reached by its name, whatever ports it lists")
    func externalName() throws {
        let none = service("web", type: "ExternalName", externalName: "Legacy.example.net.", ports: [])
        #expect(try answer(.number(443), none).answer("a.example.com", "/") == "legacy.example.net:443")
        let named = service(
            "web", type: "ExternalName", externalName: "legacy.example.net", ports: [.init(name: "http", port: 8080)])
        #expect(try answer(.name("http"), named).answer("a.example.com", "/") == "legacy.example.net:8080")
    }

    @Test(
        "an externalName that is an address, localhost or not a name is rejected",
        arguments: ["127.0.0.1", "localhost", "x.localhost", "", "::1", "a b", "evil;}"])
    func externalNameRejected(name: String) throws {
        let result = try answer(.number(80), service("web", type: "ExternalName", externalName: name, ports: []))
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        #expect(result.rejections.map(\.reason) == [.invalidRule])
    }

    @Test(
        "requests to a headless Service go to the port of its pods, requests to others to the port of the Service",
        arguments: [
            (true, Service.TargetPort.number(8080), 8080), (true, nil, 80), (true, .number(80), 80),
            (false, .number(8080), 80), (false, .name("web"), 80),
        ] as [(Bool, Service.TargetPort?, Int)])
    func headless(isHeadless: Bool, target: Service.TargetPort?, expected: Int) throws {
        let web = service(
            "web", isHeadless: isHeadless,
            ports: [
                .init(name: "quic", port: 80, protocol: "UDP", targetPort: .number(9090)),
                .init(name: "http", port: 80, targetPort: target),
            ])
        for port in [Ingress.Backend.Port.number(80), .name("http")] {
            #expect(try answer(port, web).answer("a.example.com", "/") == "web.shop.svc.cluster.local:\(expected)")
        }
    }

    @Test("a headless Service whose targetPort is a name is served on its own port, and the name is rejected")
    func headlessByName() throws {
        let web = service("web", isHeadless: true, ports: [.init(port: 8080, targetPort: .name("http"))])
        let result = try answer(.number(8080), web)
        #expect(try result.answer("a.example.com", "/") == "web.shop.svc.cluster.local:8080")
        let rejection = try #require(result.rejections.first)
        #expect(rejection.reason == .invalidRule)
        #expect(
            rejection.explanation.contains("expected a number, found \"http\"; requests go to port 8080 of its pods"))
    }

    @Test("a headless Service whose targetPort is not a port is rejected with the reason")
    func headlessRejected() throws {
        let web = service("web", isHeadless: true, ports: [.init(port: 80, targetPort: .number(70_000))])
        let result = try answer(.number(80), web)
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        #expect(
            result.rejections.map(\.explanation) == [
                "targetPort of the headless Service shop/web: expected a port from 1 to 65535, found 70000"
            ])
    }

    @Test("a resource backend is rejected with its name, and its path answers 503")
    func resource() throws {
        let result = try route([
            ingress(
                "a",
                [
                    rule(
                        "a.example.com",
                        Ingress.Path(path: "/", pathType: "Prefix", backend: .resource("example.com/Bucket pictures")))
                ])
        ])
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        #expect(result.rejections.map(\.value) == ["example.com/Bucket pictures"])
    }
}
