import KubernetesAPI
import Testing

@testable import Routing

@Suite("Readings that are kept")
struct RouteMemoTests {
    @Test("a router that has routed other snapshots gives the same result as a new one", arguments: 0..<20)
    func equal(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"),
            upstreams: .endpoints, budgets: seed.isMultiple(of: 2) ? .unlimited : .standard)
        let router = Router(options: options)
        var ingresses: [Ingress] = []
        var services = (0..<4).map { service("s\($0)") }
        var slices: [EndpointSlice] = []
        for _ in 0..<30 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where !ingresses.isEmpty:
                ingresses.remove(at: Int.random(in: 0..<ingresses.count, using: &generator))
            case 1 where !services.isEmpty:
                services.remove(at: Int.random(in: 0..<services.count, using: &generator))
            case 2:
                let name = "s\(Int.random(in: 0..<4, using: &generator))"
                services.removeAll { $0.metadata.name == name }
                services.append(
                    service(
                        name, isHeadless: Bool.random(using: &generator),
                        ports: [.init(name: "http", port: 80, targetPort: .name("web"))]))
            case 3:
                let name = "s\(Int.random(in: 0..<4, using: &generator))"
                slices.removeAll { $0.service?.name == name }
                guard Bool.random(using: &generator) else { continue }
                slices.append(
                    EndpointSlice(
                        metadata: ObjectMeta(
                            name: name, namespace: "shop", labels: [EndpointSlice.serviceLabel: name]),
                        addressType: "IPv4", ports: [.init(name: "http", port: 8080)],
                        endpoints: [.init(addresses: ["10.0.0.1"])]))
            default:
                let number = Int.random(in: 0..<8, using: &generator)
                ingresses.removeAll { $0.metadata.name == "i\(number)" }
                // Few hosts, so that claims are rejected, and granted when an owner goes.
                let rules = (0...Int.random(in: 0..<3, using: &generator)).map { _ in
                    rule(
                        "h\(Int.random(in: 0..<5, using: &generator)).example.com",
                        path("/", to: "s\(Int.random(in: 0..<4, using: &generator))"))
                }
                ingresses.append(
                    ingress("i\(number)", created: Double.random(in: 0..<9, using: &generator), rules))
            }
            let snapshot = Snapshot(
                ingresses: ingresses, ingressClasses: [], services: services, endpointSlices: slices)
            #expect(router.route(snapshot) == Router(options: options).route(snapshot))
        }
    }
}

private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
