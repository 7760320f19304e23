internal import KubernetesAPI
internal import Synchronization

/// What was read of each Ingress in the last routing. It is read again only if the Ingress or one of its Services has changed, so
/// that the time of a routing depends on what has changed. Equal inputs give equal results with and without it.
final class RouteMemo: Sendable {
    struct Reading: Sendable {
        let ingress: Ingress
        let services: [ObjectKey: ServiceLookup.State]
        /// All were granted: a rejected claim is not in the rejections.
        let claims: [IngressReader.Claim]
        let hosts: [VirtualHost]
        let rejections: [Rejection]
        let pods: Set<Backend>
    }

    private let last = Mutex<[OwnerRef: Reading]>([:])

    /// For the time of one routing; the next one begins with what `replace` gets.
    func take() -> [OwnerRef: Reading] { last.withLock { $0 } }

    func replace(with readings: [OwnerRef: Reading]) { last.withLock { $0 = readings } }
}

extension RouteMemo.Reading {
    func isCurrent(_ ingress: Ingress, _ services: ServiceLookup) -> Bool {
        self.ingress == ingress && self.services.allSatisfy { services.state(of: $0.key) == $0.value }
    }
}
