public import Kubernetes

/// Makes the routing table from what the cluster says. A pure function: same snapshot, same table.
public struct Router: Sendable {
    public struct Result: Sendable, Equatable {
        public var table: RoutingTable
        /// Sorted by Ingress; those of one Ingress in the order of its fields.
        public var rejections: [Rejection]
    }

    private let options: RoutingOptions

    public init(options: RoutingOptions) {
        self.options = options
    }

    public func route(_ snapshot: Snapshot) -> Result {
        let services = ServiceLookup(services: snapshot.services, clusterDomain: options.clusterDomain)
        var owners: [Host: ObjectKey] = [:]
        var hosts: [HostRoutes] = []
        var rejections: [ObjectKey: [Rejection]] = [:]
        for ingress in snapshot.ingressesOfOurs(options) {
            var reader = IngressReader(ingress: ingress, services: services, options: options)
            for claim in reader.claims() {
                if let owner = owners[claim.host] {
                    reader.reject(
                        claim.field, claim.host.name, .hostConflict(owner: owner), "belongs to Ingress \(owner)")
                } else {
                    owners[claim.host] = ingress.key
                    hosts.append(
                        HostRoutes(
                            host: claim.host, owner: ingress.key, routes: reader.routes(of: claim), needs: reader.needs)
                    )
                }
            }
            rejections[ingress.key] = reader.rejections
        }
        return Result(
            table: RoutingTable(hosts: hosts.sorted { $0.host < $1.host }),
            rejections: rejections.sorted { $0.key < $1.key }.flatMap(\.value))
    }
}
