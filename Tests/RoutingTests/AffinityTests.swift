import KubernetesAPI
import Routing
import Testing

@Suite("Affinity")
struct AffinityTests {
    private static let annotation = ["vault-ingress.io/affinity": "cookie"]

    private func slice(
        _ name: String, service: String? = "web", namespace: String = "shop", type: String = "IPv4",
        ports: [EndpointSlice.Port] = [.init(name: "http", port: 8080)], _ endpoints: EndpointSlice.Endpoint...
    ) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: name, namespace: namespace, labels: service.map { [EndpointSlice.serviceLabel: $0] } ?? [:]),
            addressType: type, ports: ports, endpoints: endpoints)
    }

    private func pod(
        _ addresses: String..., isReady: Bool = true, isServing: Bool? = nil, isTerminating: Bool = false
    ) -> EndpointSlice.Endpoint {
        .init(addresses: addresses, isReady: isReady, isServing: isServing, isTerminating: isTerminating)
    }

    private func answer(
        _ slices: [EndpointSlice], services: [Service] = [service("web")], port: Ingress.Backend.Port = .number(80),
        annotations: [String: String] = annotation
    ) throws -> String? {
        let ingress = ingress("a", annotations: annotations, [rule("a.example.com", path("/", port: port))])
        return try route([ingress], services: services, endpointSlices: slices).answer("a.example.com", "/")
    }

    private let byName = "web.shop.svc.cluster.local:80"

    @Test("the slices of a Service are joined: sorted, each pod once, with the port of the pods")
    func joined() throws {
        let slices = [
            slice("b", pod("10.0.0.2"), pod("10.0.0.1")), slice("a", pod("10.0.0.2"), pod("10.0.0.3", "10.9.9.9")),
            slice("c", ports: [.init(name: "http", port: 9090)], pod("10.0.0.4")),
        ]
        let expected = "\(byName) pods 10.0.0.1:8080 10.0.0.2:8080 10.0.0.3:8080 10.0.0.4:9090"
        #expect(try answer(slices) == expected)
        #expect(try answer(slices.reversed()) == expected)
    }

    @Test("without the annotation or without known pods, a Service is served by name")
    func byNameOnly() throws {
        #expect(try answer([slice("a", pod("10.0.0.1"))], annotations: [:]) == byName)
        #expect(try answer([]) == "\(byName) pods")
        #expect(try answer([slice("a")]) == "\(byName) pods")
    }

    @Test("the pods of a headless Service are found by its own port, whatever its targetPort is")
    func headless() throws {
        for target in [Service.TargetPort.number(8080), .name("web")] {
            let web = service(
                "web", isHeadless: true, ports: [.init(name: "http", port: 80, targetPort: target)])
            #expect(
                try answer([slice("a", pod("10.0.0.1"))], services: [web]) == "\(byName) pods 10.0.0.1:8080")
        }
    }

    @Test("slices of another Service, another namespace or no Service are ignored")
    func others() throws {
        let slices = [
            slice("a", service: "other", pod("10.0.0.1")), slice("a", namespace: "zoo", pod("10.0.0.1")),
            slice("b", service: nil, pod("10.0.0.1")),
        ]
        #expect(try answer(slices) == "\(byName) pods")
    }

    @Test("ready pods are used; without any, pods that serve while they terminate")
    func readiness() throws {
        let ready = pod("10.0.0.1")
        let leaving = pod("10.0.0.2", isReady: false, isServing: true, isTerminating: true)
        let gone = pod("10.0.0.3", isReady: false, isServing: false, isTerminating: true)
        let starting = pod("10.0.0.4", isReady: false)
        #expect(try answer([slice("a", ready, leaving, gone, starting)]) == "\(byName) pods 10.0.0.1:8080")
        #expect(try answer([slice("a", leaving), slice("b", ready)]) == "\(byName) pods 10.0.0.1:8080")
        #expect(try answer([slice("a", leaving, gone, starting)]) == "\(byName) pods 10.0.0.2:8080")
        #expect(try answer([slice("a", gone, starting)]) == "\(byName) pods")
    }

    @Test(
        "the port of the pods is found by the name of the Service's port, whether the Ingress has its number or its name"
    )
    func ports() throws {
        let web = service("web", ports: [.init(name: "http", port: 80), .init(name: "admin", port: 81)])
        let pods = slice(
            "a",
            ports: [
                .init(name: "admin", port: 9999), .init(name: "http", port: 8080, protocol: "UDP"),
                .init(name: "http", port: 8081), .init(name: "http", port: nil), .init(name: "http", port: 70_000),
            ], pod("10.0.0.1"))
        let admin = "web.shop.svc.cluster.local:81 pods 10.0.0.1:9999"
        #expect(try answer([pods], services: [web]) == "\(byName) pods 10.0.0.1:8081")
        #expect(try answer([pods], services: [web], port: .number(81)) == admin)
        #expect(try answer([pods], services: [web], port: .name("admin")) == admin)
        let unnamed = slice("a", ports: [.init(port: 8080)], pod("10.0.0.1"))
        #expect(
            try answer([unnamed], services: [service("web", ports: [.init(port: 80)])])
                == "\(byName) pods 10.0.0.1:8080")
    }

    @Test("of two address families IPv4 is used; other values than network addresses are ignored")
    func addresses() throws {
        let six = slice("six", type: "IPv6", pod("2001:db8::1"), pod("fe80::1%eth0"))
        #expect(try answer([six, slice("four", pod("10.0.0.1"))]) == "\(byName) pods 10.0.0.1:8080")
        #expect(try answer([six]) == "\(byName) pods [2001:db8::1]:8080")
        #expect(try answer([slice("name", type: "FQDN", pod("pod.example.com"))]) == "\(byName) pods")
        #expect(try answer([slice("bad", pod("10.0.0.1\0;"), pod("10.0.0.1;}"), pod(""), pod())]) == "\(byName) pods")
    }

    @Test("an address is in the form that nginx reads")
    func normalForm() throws {
        let slice = slice("six", type: "IPv6", pod("1:2:3:4:5:6:7::"), pod("2001:DB8:0:0::0:1"))
        #expect(try answer([slice]) == "\(byName) pods [1:2:3:4:5:6:7:0]:8080 [2001:db8::1]:8080")
    }

    @Test("at most a thousand pods of a Service are served")
    func manyPods() throws {
        let slices = (0..<6).map { number in
            EndpointSlice(
                metadata: ObjectMeta(
                    name: "s\(number)", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]),
                addressType: "IPv4", ports: [.init(name: "http", port: 8080)],
                endpoints: (0..<200).map { pod("10.0.\(number).\($0)") })
        }
        let answer = try #require(try answer(slices))
        #expect(answer.split(separator: " ").count == 2 + 1000)
    }

    @Test("an ExternalName Service is served without affinity, which is rejected once")
    func externalName() throws {
        let external = service("web", type: "ExternalName", externalName: "legacy.example.net", ports: [])
        let ingress = ingress(
            "a", annotations: Self.annotation, [rule("a.example.com", path("/"), path("/more"), path("/else"))])
        let result = try route([ingress], services: [external], endpointSlices: [slice("a", pod("10.0.0.1"))])
        #expect(try result.answer("a.example.com", "/") == "legacy.example.net:80")
        #expect(
            result.rejections.map(\.description) == [
                "Ingress shop/a: metadata.annotations[vault-ingress.io/affinity] \"cookie\": "
                    + "expected Services with pods; shop/web is an ExternalName Service and is served without affinity"
            ])
        #expect(result.endpointsWanted.isEmpty)
    }

    @Test("EndpointSlices are wanted for existing Services with affinity only")
    func wanted() throws {
        let ingresses = [
            ingress("plain", [rule("plain.example.com", path("/", to: "plain"))]),
            ingress(
                "affine", annotations: Self.annotation,
                [rule("a.example.com", path("/"), path("/missing", to: "missing"))]),
            ingress("foreign", className: "other", annotations: Self.annotation, [rule("b.example.com", path("/"))]),
        ]
        let result = try route(ingresses, services: [service("web"), service("plain")])
        #expect(result.endpointsWanted == [ObjectKey(namespace: "shop", name: "web")])
        #expect(result.servicesWanted.map(\.name).sorted() == ["missing", "plain", "web"])
    }

    @Test("a split without split-by uses the affinity cookie as its key, and each part has its pods")
    func split() throws {
        let services = [service("v1"), service("v2")]
        let slices = [slice("a", service: "v1", pod("10.0.0.1")), slice("b", service: "v2", pod("10.0.0.2"))]
        func backend(_ more: [String: String]) throws -> Backend? {
            let annotations = Self.annotation.merging(["vault-ingress.io/split": "v1=9,v2=1"]) { $1 }
                .merging(more) { $1 }
            let ingress = ingress("a", annotations: annotations, [rule("a.example.com", path("/", to: "v1"))])
            let result = try route([ingress], services: services, endpointSlices: slices)
            #expect(result.servicesWanted.map(\.name).sorted() == ["v1", "v2"])
            return result.table.hosts.first?.routes.first?.backend
        }
        guard case .split(let shares, let key) = try backend([:]) else {
            Issue.record("expected a split")
            return
        }
        #expect(key == .affinity)
        #expect(shares.map(\.weight) == [9, 1])
        for share in shares {
            guard case .pods = share.backend else {
                Issue.record("expected pods, found \(share.backend)")
                return
            }
        }
        guard case .split(_, let other) = try backend(["vault-ingress.io/split-by": "ip"]) else {
            Issue.record("expected a split")
            return
        }
        #expect(other == .address)
    }

    @Test("blue and green have their own pods")
    func blueGreen() throws {
        let ingress = ingress(
            "a", labels: ["deployment_method": "bluegreen"], annotations: Self.annotation,
            [rule("a.example.com", path("/"))])
        let result = try route(
            [ingress], services: ["web", "web-blue", "web-green"].map { service($0) },
            endpointSlices: [
                slice("a", pod("10.0.0.1")), slice("b", service: "web-blue", pod("10.0.0.2")),
                slice("c", service: "web-green", pod("10.0.0.3")),
            ])
        #expect(
            try result.answer("a.example.com", "/")
                == "web.shop.svc.cluster.local:80 pods 10.0.0.1:8080 | "
                + "web-blue.shop.svc.cluster.local:80 pods 10.0.0.2:8080 | "
                + "web-green.shop.svc.cluster.local:80 pods 10.0.0.3:8080")
    }
}
