import KubernetesAPI
import Testing

@testable import Routing

@Suite("Pods as upstreams")
struct EndpointTests {
    private let owner = OwnerRef(ingress: ObjectKey(namespace: "shop", name: "a"))
    private let byName = "web.shop.svc.cluster.local:80"
    private let pods = "endpoints of web.shop.svc.cluster.local:80:"

    private func slice(
        _ name: String, service: String = "web", type: String = "IPv4",
        ports: [EndpointSlice.Port] = [.init(name: "http", port: 8080)], _ addresses: String..., isReady: Bool = true
    ) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: name, namespace: "shop", labels: [EndpointSlice.serviceLabel: service]),
            addressType: type, ports: ports, endpoints: addresses.map { .init(addresses: [$0], isReady: isReady) })
    }

    private func backend(_ name: String, _ namespace: String) throws -> Backend {
        .endpoints(
            of: ObjectKey(namespace: namespace, name: name), address: try DNSName("\(name).\(namespace)"),
            port: try ServicePort(80), by: Balancing())
    }

    private func answer(
        _ slices: [EndpointSlice], _ service: Service = service("web"), annotations: [String: String] = [:],
        upstreams: UpstreamForm = .endpoints
    ) throws -> String? {
        try route(
            [ingress("a", annotations: annotations, [rule("a.example.com")])], services: [service],
            endpointSlices: slices, upstreams: upstreams
        ).answer("a.example.com", "/")
    }

    @Test("a Service with slices is reached through its pods, and only without slices by name")
    func slices() throws {
        #expect(try answer([slice("a", "10.0.0.2"), slice("b", "10.0.0.1")]) == "\(pods) 10.0.0.1:8080 10.0.0.2:8080")
        #expect(try answer([slice("a", "10.0.0.1")], upstreams: .dns) == byName)
        #expect(try answer([]) == byName)
        #expect(try answer([slice("a", service: "other", "10.0.0.1")]) == byName)
    }

    @Test("a Service whose slices have no usable pod has no pods, and is not reached by name")
    func unusable() throws {
        #expect(try answer([slice("a")]) == "\(pods) ")
        #expect(try answer([slice("a", "10.0.0.1", isReady: false)]) == "\(pods) ")
        #expect(try answer([slice("a", ports: [], "10.0.0.1")]) == "\(pods) ")
        let affinity = ["vault-ingress.io/affinity": "cookie"]
        let result = try route(
            [ingress("a", annotations: affinity, [rule("a.example.com")])], endpointSlices: [slice("a")],
            upstreams: .endpoints)
        #expect(result.table.pods.values.map(\.count) == [0])
    }

    @Test(
        "addresses that no pod has are not used",
        arguments: [
            "0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "a.example.com", "",
            "10.0.0.1:80", "10.0.0.300",
        ])
    func foreignIPv4(address: String) throws {
        #expect(try answer([slice("a", address)]) == "\(pods) ")
        #expect(try answer([slice("a", address, "10.0.0.1")]) == "\(pods) 10.0.0.1:8080")
    }

    @Test(
        "IPv6 addresses that no pod has are not used",
        arguments: [
            "::", "::ffff:169.254.169.254", "::10.0.0.1", "fe80::1", "fe80::1%eth0", "febf::1", "ff02::1",
            "fd00:ec2::254",
        ])
    func foreignIPv6(address: String) throws {
        #expect(
            try answer([slice("a", type: "IPv6", address, "2001:db8::1")]) == "\(pods) [2001:db8::1]:8080")
    }

    @Test("ports of 0 and beyond 65535 are not used", arguments: [0, -1, 65536])
    func foreignPorts(port: Int) throws {
        #expect(try answer([slice("a", ports: [.init(name: "http", port: port)], "10.0.0.1")]) == "\(pods) ")
    }

    @Test("of ten thousand pods of a Service, the first thousand are used")
    func many() throws {
        let slices = (0..<100).map { number in
            EndpointSlice(
                metadata: ObjectMeta(
                    name: "web-\(number)", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]),
                addressType: "IPv4", ports: [.init(name: "http", port: 8080)],
                endpoints: (0..<100).map { .init(addresses: ["10.\(number).0.\($0)"]) })
        }
        let result = try route(
            [ingress("a", [rule("a.example.com")])], endpointSlices: slices, upstreams: .endpoints)
        #expect(result.table.pods.values.map(\.count) == [1000])
    }

    @Test("headless Services are reached through the ports of their pods, whatever their targetPort is")
    func headless() throws {
        for target in [Service.TargetPort.number(8080), .name("web")] {
            let web = service("web", isHeadless: true, ports: [.init(name: "http", port: 80, targetPort: target)])
            let answer = try answer([slice("a", "10.0.0.1")], web)
            #expect(answer?.hasSuffix(": 10.0.0.1:8080") == true, "\(target)")
        }
        let web = service("web", isHeadless: true, ports: [.init(name: "http", port: 80, targetPort: .name("web"))])
        let ingress = [ingress("a", [rule("a.example.com")])]
        let known = try route(ingress, services: [web], endpointSlices: [slice("a", "10.0.0.1")], upstreams: .endpoints)
        #expect(known.rejections.isEmpty)
        #expect(try route(ingress, services: [web], upstreams: .endpoints).rejections.count == 1)
    }

    @Test("an ExternalName Service is reached by name")
    func external() throws {
        let web = service("web", type: "ExternalName", externalName: "web.example.org")
        #expect(try answer([slice("a", "10.0.0.1")], web) == "web.example.org:80")
    }

    @Test("hosts that differ in protocol or load balancing do not share connections")
    func pools() throws {
        let result = try route(
            [
                ingress("a", [rule("a.example.com")]), ingress("b", [rule("b.example.com")]),
                ingress("c", annotations: ["vault-ingress.io/backend-protocol": "https"], [rule("c.example.com")]),
                ingress("d", annotations: ["vault-ingress.io/load-balancing": "least_conn"], [rule("d.example.com")]),
            ], endpointSlices: [slice("a", "10.0.0.1")], upstreams: .endpoints)
        #expect(result.table.pods.count == 3)
        #expect(result.endpointsWanted == [ObjectKey(namespace: "shop", name: "web")])
    }

    @Test("when there are too many pools, namespaces take turns, and the Service of most paths comes first")
    func turns() throws {
        let large = try (0..<5).map { try backend("s\($0)", "large") }
        let small = try backend("s", "small")
        let used = large + [large[3], small]
        let hosts = try used.enumerated().map { number, backend in
            VirtualHost(
                host: try Host("h\(number).example.com"), owner: owner,
                routes: [Route(match: .prefix(.root), backend: backend)])
        }
        let known = Dictionary(uniqueKeysWithValues: (large + [small]).map { ($0, [] as [AddressAndPort]) })
        #expect(Set(PoolSelection(hosts, known, pools: 3).pods.keys) == [large[3], small, large[0]])
        #expect(PoolSelection(hosts, known, pools: 6).pods.count == 6)
    }

    @Test("a Service with more pods than are left is reached by name, and smaller ones after it are not")
    func podsLeft() throws {
        let address = AddressAndPort(address: try IPAddress("10.0.0.1"), port: try ServicePort(80))
        let backends = try (0..<3).map { try backend("s", "n\($0)") }
        let hosts = try backends.enumerated().map { number, backend in
            VirtualHost(
                host: try Host("h\(number).example.com"), owner: owner,
                routes: [Route(match: .prefix(.root), backend: backend)])
        }
        let known = Dictionary(
            uniqueKeysWithValues: zip(backends, [3, 9, 4]).map { ($0, Array(repeating: address, count: $1)) })
        #expect(Set(PoolSelection(hosts, known, maximumPods: 8).pods.keys) == [backends[0], backends[2]])
    }
}
