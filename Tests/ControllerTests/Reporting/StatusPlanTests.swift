import Foundation
import Kubernetes
import KubernetesAPI
import Testing

@testable import Controller
@testable import Routing

@Suite("Status to write")
struct StatusPlanTests {
    private let published = [LoadBalancerAddress(ip: "192.0.2.1")]
    private let manager = FieldManager(lease: ObjectKey(namespace: "edge", name: "one"))
    private let foreign = [LoadBalancerAddress(ip: "192.0.2.9")]

    private func ingress(_ name: String, uid: String? = nil, age: Int = 0, _ status: LoadBalancerStatus) -> Ingress {
        Ingress(
            metadata: ObjectMeta(
                name: name, namespace: "shop", uid: uid ?? name,
                creationTimestamp: Date(timeIntervalSince1970: Double(1000 - age))), spec: .init(), status: status)
    }

    /// - Parameter seen: the Ingresses of the pass; by default those of now.
    private func writes(
        _ now: [Ingress], handled: [Ingress], seen: [Ingress]? = nil, addresses: [LoadBalancerAddress]? = nil
    ) -> [String] {
        let pass = LivePass(
            snapshot: Snapshot(ingresses: seen ?? now),
            routed: Router.Result(
                table: RoutingTable(), ingresses: handled, rejections: [], servicesWanted: [], endpointsWanted: []),
            certificates: [], quarantined: [:])
        return StatusPlan.writes(
            ingresses: Snapshot(ingresses: now).ingresses, pass: pass, addresses: addresses ?? published,
            manager: manager
        )
        .map { $0.action == .clear ? "clear \($0.ingress.name)" : "set \($0.ingress.name)" }
    }

    @Test("a handled Ingress gets the address unless it has it")
    func set() {
        let none = ingress("none", age: 3, .init())
        let other = ingress("other", age: 1, .init(addresses: foreign))
        let same = ingress("same", .init(addresses: published))
        let all = [none, other, same]
        #expect(writes(all, handled: all) == ["set other", "set none"])
        #expect(writes(all, handled: []) == [])
    }

    @Test(
        "another Ingress loses the addresses that this installation wrote, and keeps those of another writer",
        arguments: [
            ("vault-ingress-edge/one", true), ("vault-ingress-edge/two", false), ("vault-ingress", false), (nil, false),
        ] as [(String?, Bool)])
    func clear(writer: String?, isCleared: Bool) {
        for addresses in [published, foreign] {
            let left = ingress("left", .init(addresses: addresses, writer: writer))
            #expect(writes([left], handled: []) == (isCleared ? ["clear left"] : []))
            #expect(writes([left], handled: [], addresses: []) == (isCleared ? ["clear left"] : []))
        }
    }

    @Test("an empty status is not cleared again")
    func cleared() {
        let left = ingress("left", .init(writer: manager.description))
        #expect(writes([left], handled: []) == [])
    }

    @Test("without a known address, a handled Ingress keeps its status")
    func unknown() {
        let web = ingress("web", .init(addresses: foreign, writer: manager.description))
        #expect(writes([web], handled: [web], addresses: []) == [])
        #expect(writes([web], handled: [web]) == ["set web"])
    }

    @Test("an Ingress that the pass has not seen is skipped, also a new one with the name of an old one")
    func unseen() {
        let own = LoadBalancerStatus(addresses: published, writer: manager.description)
        #expect(writes([ingress("new", own)], handled: [], seen: []) == [])
        let again = ingress("web", uid: "2", own)
        let before = ingress("web", uid: "1", .init())
        #expect(writes([again], handled: [before], seen: [before]) == [])
    }
}
