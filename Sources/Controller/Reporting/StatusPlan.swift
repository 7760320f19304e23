internal import Kubernetes
internal import KubernetesAPI
internal import Routing

/// A change to the status of one Ingress.
struct StatusWrite: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        case set([LoadBalancerAddress])
        /// Only if the Ingress has not changed since it was read, so that the status of another writer stays.
        case clear
    }

    var ingress: ObjectMeta
    var action: Action
}

enum StatusPlan {
    /// The status changes to write. An Ingress that this controller handles gets the addresses, unless it has them.
    /// Another Ingress loses the addresses that this installation wrote, whatever they were.
    ///
    /// - Parameters:
    ///   - ingresses: the current Ingresses.
    ///   - pass: contains the Ingresses that this controller handles. Ingresses that the pass has not seen are skipped.
    ///   - addresses: empty if they are unknown: the Ingresses then keep their status.
    ///   - manager: the writer of this installation.
    /// - Returns: the changes, for the newest Ingress first, because a user may be waiting for it.
    static func writes(
        ingresses: [ObjectKey: Ingress], pass: LivePass, addresses: [LoadBalancerAddress], manager: FieldManager
    ) -> [StatusWrite] {
        let handled = Set(pass.routed.ingresses.map(\.metadata.uid))
        return ingresses.values.sorted { $0.metadata.isNewer(than: $1.metadata) }.compactMap { ingress in
            guard pass.snapshot.ingresses[ingress.key]?.metadata.uid == ingress.metadata.uid else { return nil }
            let status = ingress.status
            if handled.contains(ingress.metadata.uid) {
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
