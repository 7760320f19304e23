internal import Kubernetes
internal import KubernetesAPI
internal import Routing

/// One status that is not what it should be.
struct StatusWrite: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        case set([LoadBalancerAddress])
        /// Only if the Ingress is as it was seen: what somebody else has written since is theirs.
        case clear
    }

    var ingress: ObjectMeta
    var action: Action
}

enum StatusPlan {
    /// What there is to write: the addresses where an Ingress of ours does not have them, nothing where one that is not
    /// ours (any more) still has what we wrote, whatever that was.
    ///
    /// - Parameters:
    ///   - ingresses: as they are now.
    ///   - turn: says which are ours; what it has not seen is left alone.
    ///   - addresses: none where they are not known: better is then what stands in ours.
    ///   - manager: who we are.
    /// - Returns: the newest Ingress first, for somebody is waiting for it.
    static func writes(
        ingresses: [ObjectKey: Ingress], turn: LivePass, addresses: [LoadBalancerAddress], manager: FieldManager
    ) -> [StatusWrite] {
        let ours = Set(turn.routed.ingresses.map(\.metadata.uid))
        return ingresses.values.sorted { $0.metadata.isNewer(than: $1.metadata) }.compactMap { ingress in
            guard turn.snapshot.ingresses[ingress.key]?.metadata.uid == ingress.metadata.uid else { return nil }
            let status = ingress.status
            if ours.contains(ingress.metadata.uid) {
                guard !addresses.isEmpty, status.addresses != addresses else { return nil }
                return StatusWrite(ingress: ingress.metadata, action: .set(addresses))
            }
            guard !status.addresses.isEmpty, status.writer == manager.description else { return nil }
            return StatusWrite(ingress: ingress.metadata, action: .clear)
        }
    }
}

extension ObjectMeta {
    fileprivate func isNewer(than other: ObjectMeta) -> Bool {
        (other.creationTimestamp, key) < (creationTimestamp, other.key)
    }
}
