internal import Foundation
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

extension Condition {
    /// The takeovers, once on each of the two Ingresses that exists; those that happened together in one condition.
    static func takeovers(_ recorded: [RecordedTakeover], _ ingresses: [OwnerRef: ObjectMeta]) -> Set<Condition> {
        struct Move: Hashable {
            let time: Double
            let from: OwnerRef
            let to: OwnerRef
        }
        let moves = Dictionary(grouping: recorded) {
            Move(time: $0.time, from: $0.takeover.from, to: $0.takeover.to)
        }
        var conditions: Set<Condition> = []
        for (move, recorded) in moves {
            let hosts = takenHosts(recorded.map(\.takeover).sorted { $0.host < $1.host })
            if let uid = ingresses[move.from]?.uid {
                let created = ingresses[move.to].map { " (created \($0.creationDate))" } ?? ""
                conditions.insert(
                    Condition(
                        move.from, uid: uid, .hostTakenOver,
                        "\(move.to.qualified)\(created) now serves \(hosts) instead of this Ingress; if that is wrong, ask its owner or the operator of the cluster"
                    ))
            }
            if let uid = ingresses[move.to]?.uid {
                conditions.insert(
                    Condition(
                        move.to, uid: uid, .hostTakenOver,
                        "this Ingress now serves \(hosts) instead of \(move.from.qualified); if that is wrong, remove the host"
                    ))
            }
        }
        return conditions
    }

    /// Lists the hosts, as many as fit in the message.
    private static func takenHosts(_ takeovers: [HostTakeover]) -> String {
        var text = ""
        for (index, takeover) in takeovers.enumerated() {
            guard text.utf8.count < 500 else { return text + " and \(takeovers.count - index) more" }
            let name = takeover.host == .catchAll ? "the catch-all host" : takeover.host.name
            text += (text.isEmpty ? "" : ", ") + name + (takeover.wildcard.map { " (before: \($0))" } ?? "")
        }
        return text
    }
}
