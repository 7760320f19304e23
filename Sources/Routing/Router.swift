public import KubernetesAPI

/// Makes the routing table from a snapshot of the cluster: equal snapshots give equal tables.
public struct Router: Sendable {
    public struct Result: Sendable, Equatable {
        public var table: RoutingTable
        /// The Ingresses that this controller handles, oldest first, with or without a host that is served.
        public var ingresses: [Ingress]
        /// Sorted by Ingress; those of one Ingress in the order of its fields.
        public var rejections: [Rejection]
        /// The Services that the table depends on, whether they exist or not.
        public var servicesWanted: Set<ObjectKey>
        /// The Services whose EndpointSlices the table is made from.
        public var endpointsWanted: Set<ObjectKey>
        public var budgets = BudgetReport()
    }

    private let options: RoutingOptions

    public init(options: RoutingOptions) {
        self.options = options
    }

    /// - Parameter policy: which namespaces may claim which hosts; nil allows every claim.
    public func route(_ snapshot: Snapshot, policy: HostPolicy? = nil) -> Result {
        let services = ServiceLookup(
            services: snapshot.services, endpoints: EndpointLookup(snapshot.endpointSlices.values),
            clusterDomain: options.clusterDomain, upstreams: options.upstreams)
        let ingresses = snapshot.ingresses(options)
        var owners = HostOwners(policy: policy)
        var hosts: [VirtualHost] = []
        var rejections: [OwnerRef: [Rejection]] = [:]
        var pods: Set<Backend> = []
        for ingress in ingresses {
            if let rejection = ingress.nameRejection {
                rejections[ingress.ref] = [rejection]
                continue
            }
            var reader = IngressReader(ingress: ingress, services: services, options: options)
            for claim in reader.claims() {
                if let rejection = owners.claim(claim.host, field: claim.field, by: ingress.ref) {
                    reader.reject(rejection)
                } else {
                    hosts.append(reader.virtualHost(claim))
                }
            }
            rejections[ingress.ref] = reader.rejections.all
            pods.formUnion(reader.pods)
        }
        let known = services.endpoints(of: pods)
        let admission = Admission(hosts, pods: known, limits: options.budgets)
        let pools = PoolSelection(admission.hosts, known)
        for (owner, rejected) in admission.rejections {
            rejections[owner] = RejectionList(source: owner, rejected).all + (rejections[owner] ?? [])
        }
        return Result(
            table: RoutingTable(
                hosts: admission.hosts.sorted { $0.host < $1.host },
                pods: admission.pods.merging(pools.pods) { first, _ in first },
                unserved: admission.unserved),
            ingresses: ingresses, rejections: rejections.sorted { $0.key < $1.key }.flatMap(\.value),
            servicesWanted: services.wanted.keys, endpointsWanted: Set(pods.compactMap(\.service)),
            budgets: admission.report)
    }
}

extension Ingress {
    /// The rejection of the whole Ingress, where its name or namespace is not valid.
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
