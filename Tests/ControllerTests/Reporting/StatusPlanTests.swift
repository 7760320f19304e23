import Foundation
import Kubernetes
import KubernetesAPI
import Testing

@testable import Controller
@testable import Routing

@Suite("Which status is written")
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

    /// - Parameter seen: by the turn; the same as now unless given.
    private func writes(
        _ now: [Ingress], ours: [Ingress], seen: [Ingress]? = nil, addresses: [LoadBalancerAddress]? = nil
    ) -> [String] {
        let turn = LivePass(
            snapshot: Snapshot(ingresses: seen ?? now),
            routed: Router.Result(table: RoutingTable(), ingresses: ours, rejections: [], endpointsWanted: []),
            certificates: [],
            quarantined: [:])
        return StatusPlan.writes(
            ingresses: Snapshot(ingresses: now).ingresses, turn: turn, addresses: addresses ?? published,
            manager: manager
        )
        .map { $0.action == .clear ? "clear \($0.ingress.name)" : "set \($0.ingress.name)" }
    }

    @Test("ours gets the address where it has none or another, and is left alone where it has it")
    func set() {
        let none = ingress("none", age: 3, .init())
        let other = ingress("other", age: 1, .init(addresses: foreign))
        let same = ingress("same", .init(addresses: published))
        let all = [none, other, same]
        #expect(writes(all, ours: all) == ["set other", "set none"])
        #expect(writes(all, ours: []) == [])
    }

    @Test(
        "what is not ours is cleared if we wrote it, whatever is published now; another installation's stays",
        arguments: [
            ("vault-ingress-edge/one", true), ("vault-ingress-edge/two", false), ("vault-ingress", false), (nil, false),
        ] as [(String?, Bool)])
    func clear(writer: String?, isCleared: Bool) {
        for addresses in [published, foreign] {
            let left = ingress("left", .init(addresses: addresses, writer: writer))
            #expect(writes([left], ours: []) == (isCleared ? ["clear left"] : []))
            #expect(writes([left], ours: [], addresses: []) == (isCleared ? ["clear left"] : []))
        }
    }

    @Test("what is cleared is not cleared again, whoever is said to have written it")
    func cleared() {
        let left = ingress("left", .init(writer: manager.description))
        #expect(writes([left], ours: []) == [])
    }

    @Test("where no address is known, ours keeps what it has")
    func unknown() {
        let web = ingress("web", .init(addresses: foreign, writer: manager.description))
        #expect(writes([web], ours: [web], addresses: []) == [])
        #expect(writes([web], ours: [web]) == ["set web"])
    }

    @Test("what the turn has not seen is left alone: a new one, or another of the same name")
    func unseen() {
        let own = LoadBalancerStatus(addresses: published, writer: manager.description)
        #expect(writes([ingress("new", own)], ours: [], seen: []) == [])
        let again = ingress("web", uid: "2", own)
        let before = ingress("web", uid: "1", .init())
        #expect(writes([again], ours: [before], seen: [before]) == [])
    }
}
