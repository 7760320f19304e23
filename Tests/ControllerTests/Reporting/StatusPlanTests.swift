import Foundation
import Kubernetes
import Testing

@testable import Controller
@testable import Routing

@Suite("Which status is written")
struct StatusPlanTests {
    private let published = [LoadBalancerAddress(ip: "192.0.2.1")]
    private let foreign = [LoadBalancerAddress(ip: "192.0.2.9")]

    private func ingress(_ name: String, uid: String? = nil, age: Int = 0, _ status: LoadBalancerStatus) -> Ingress {
        Ingress(
            metadata: ObjectMeta(
                name: name, namespace: "shop", uid: uid ?? name,
                creationTimestamp: Date(timeIntervalSince1970: Double(1000 - age))), spec: .init(), status: status)
    }

    /// - Parameter seen: by the turn; the same as now unless given.
    private func writes(_ now: [Ingress], ours: [Ingress], seen: [Ingress]? = nil) -> [String] {
        let turn = LiveTurn(
            snapshot: Snapshot(ingresses: seen ?? now),
            routed: Router.Result(table: RoutingTable(), ingresses: ours, rejections: [], endpointsWanted: []),
            certificates: [],
            quarantined: [:])
        return StatusPlan.writes(ingresses: Snapshot(ingresses: now).ingresses, turn: turn, addresses: published)
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
        "what is not ours is cleared only if it has exactly what we wrote",
        arguments: [(true, true, true), (true, false, false), (false, true, false), (false, false, false)])
    func clear(isOwn: Bool, isPublished: Bool, isCleared: Bool) {
        let left = ingress("left", .init(addresses: isPublished ? published : foreign, isOwn: isOwn))
        #expect(writes([left], ours: []) == (isCleared ? ["clear left"] : []))
        #expect(writes([left], ours: [left]) == (isPublished ? [] : ["set left"]))
    }

    @Test("what the turn has not seen is left alone: a new one, or another of the same name")
    func unseen() {
        let own = LoadBalancerStatus(addresses: published, isOwn: true)
        #expect(writes([ingress("new", own)], ours: [], seen: []) == [])
        let again = ingress("web", uid: "2", own)
        let before = ingress("web", uid: "1", .init())
        #expect(writes([again], ours: [before], seen: [before]) == [])
    }
}
