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
    private let memo = RouteMemo()

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
        let last = memo.take()
        var readings: [OwnerRef: RouteMemo.Reading] = Dictionary(minimumCapacity: ingresses.count)
        for ingress in ingresses {
            if let rejection = ingress.nameRejection {
                rejections[ingress.ref] = [rejection]
                continue
            }
            let known = last[ingress.ref].flatMap { $0.isCurrent(ingress, services) ? $0 : nil }
            var claimed = ClaimedHosts(known?.claims ?? [], by: ingress.ref, &owners)
            if let known, claimed.rejection == nil {
                services.wanted.formUnion(known.services.keys)
                hosts += known.hosts
                rejections[ingress.ref] = known.rejections
                pods.formUnion(known.pods)
                readings[ingress.ref] = known
                continue
            }
            _ = services.wanted.takeRecent()
            var reader = IngressReader(ingress: ingress, services: services, options: options)
            let claims = reader.claims()
            let first = hosts.count
            for claim in claims {
                if let rejection = claimed.next(claim, &owners) {
                    reader.reject(rejection)
                } else {
                    hosts.append(reader.virtualHost(claim))
                }
            }
            rejections[ingress.ref] = reader.rejections.all
            pods.formUnion(reader.pods)
            guard hosts.count == first + claims.count else { continue }
            let used = services.wanted.takeRecent().map { ($0, services.state(of: $0)) }
            readings[ingress.ref] = RouteMemo.Reading(
                ingress: ingress, services: Dictionary(uniqueKeysWithValues: used), claims: claims,
                hosts: Array(hosts[first...]), rejections: reader.rejections.all, pods: reader.pods)
        }
        memo.replace(with: readings)
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

/// The claims of an Ingress that were made before it is read, because it is known. Each claim is made once.
private struct ClaimedHosts {
    private let owner: OwnerRef
    private var granted = 0
    /// Of the claim after those that were granted; nil if there is none.
    private(set) var rejection: FieldRejection?

    init(_ claims: [IngressReader.Claim], by owner: OwnerRef, _ owners: inout HostOwners) {
        self.owner = owner
        for claim in claims {
            rejection = owners.claim(claim.host, field: claim.field, by: owner)
            guard rejection == nil else { return }
            granted += 1
        }
    }

    /// - Returns: why the next claim of the Ingress is rejected; nil if it is granted.
    mutating func next(_ claim: IngressReader.Claim, _ owners: inout HostOwners) -> FieldRejection? {
        if granted > 0 {
            granted -= 1
            return nil
        }
        guard let rejection else { return owners.claim(claim.host, field: claim.field, by: owner) }
        self.rejection = nil
        return rejection
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
