public import KubernetesAPI

/// Makes the routing table from what the cluster says. A pure function: same snapshot, same table.
public struct Router: Sendable {
    public struct Result: Sendable, Equatable {
        public var table: RoutingTable
        /// Those that are ours, oldest first, whether or not they serve anything.
        public var ingresses: [Ingress]
        /// Sorted by Ingress; those of one Ingress in the order of its fields.
        public var rejections: [Rejection]
        /// The Services whose EndpointSlices the table is made from.
        public var endpointsWanted: Set<ObjectKey>
    }

    private let options: RoutingOptions

    public init(options: RoutingOptions) {
        self.options = options
    }

    public func route(_ snapshot: Snapshot) -> Result {
        let services = ServiceLookup(
            services: snapshot.services, endpoints: EndpointLookup(snapshot.endpointSlices.values),
            clusterDomain: options.clusterDomain)
        var owners: [Host: OwnerRef] = [:]
        var shares = ServerNameQuota()
        var hosts: [VirtualHost] = []
        var rejections: [OwnerRef: [Rejection]] = [:]
        var endpointsWanted: Set<ObjectKey> = []
        var pods: [Backend: [AddressAndPort]] = [:]
        let ingresses = snapshot.ingressesOfOurs(options)
        for ingress in ingresses {
            if let rejection = ingress.nameRejection {
                rejections[ingress.ref] = [rejection]
                continue
            }
            var reader = IngressReader(ingress: ingress, services: services, options: options)
            for claim in reader.claims() {
                if let owner = owners[claim.host] {
                    reader.reject(
                        claim.field, claim.host.name, .hostConflict(owner: owner), "belongs to \(owner.qualified)")
                } else if !shares.take(claim.host, namespace: ingress.metadata.namespace) {
                    reader.reject(
                        claim.field, claim.host.name, .invalidRule,
                        "expected a name that does not have nginx's hash of many others in this namespace")
                } else {
                    owners[claim.host] = ingress.ref
                    hosts.append(
                        VirtualHost(
                            host: claim.host, owner: ingress.ref, routes: reader.routes(of: claim),
                            settings: reader.settings(of: claim.host))
                    )
                }
            }
            rejections[ingress.ref] = reader.rejections
            endpointsWanted.formUnion(reader.endpointsWanted)
            // Equal keys have equal pods.
            pods.merge(reader.pods) { first, _ in first }
        }
        return Result(
            table: RoutingTable(hosts: hosts.sorted { $0.host < $1.host }, pods: pods), ingresses: ingresses,
            rejections: rejections.sorted { $0.key < $1.key }.flatMap(\.value), endpointsWanted: endpointsWanted)
    }
}

extension Ingress {
    /// Why nothing of it is served, where its own name is none.
    fileprivate var nameRejection: Rejection? {
        do throws(InvalidValue) {
            _ = try ObjectName(key)
            return nil
        } catch {
            return Rejection(
                source: ref, field: "metadata", value: error.value, reason: .invalidRule,
                explanation: "expected \(error.expected)")
        }
    }
}
