internal import KubernetesAPI

/// Applies the budgets of the installation and of each namespace. An Ingress is admitted as a whole or not at all.
///
/// A rejected Ingress keeps its hosts: they are not served, and no other Ingress gets them. The pods of a Service that
/// exceed a budget are replaced by the Service's name, so that more pods never take a host away.
struct Admission {
    /// Each name that is known to nginx takes memory. The names after these answer like unknown names.
    static let maximumUnserved = 10_000
    /// nginx compares wildcards one by one.
    static let maximumUnservedWildcards = 100

    private(set) var hosts: [VirtualHost] = []
    /// The hosts of rejected Ingresses, sorted.
    private(set) var unserved: [Host] = []
    /// Of the backends of `hosts`.
    private(set) var pods: [Backend: [AddressAndPort]] = [:]
    private(set) var rejections: [OwnerRef: [FieldRejection]] = [:]
    private(set) var report: BudgetReport

    /// - Parameters:
    ///   - hosts: by owner, oldest first; each host once.
    ///   - pods: the known pods.
    init(_ hosts: [VirtualHost], pods: [Backend: [AddressAndPort]], limits: BudgetLimits) {
        report = BudgetReport(limits: limits)
        let demands = Demand.list(of: hosts)
        let excess = Self.excess(of: demands, limits)
        var rejected: Set<OwnerRef> = []
        for (index, demand) in demands.enumerated() {
            report.add(demand.amounts, namespace: demand.owner.namespace, isServed: excess[index] == nil)
            if excess[index] != nil { rejected.insert(demand.owner) }
        }
        report.rejectedIngresses = rejected.count
        for (index, found) in excess {
            let demand = demands[index]
            rejections[demand.owner] = [
                .quotaExceeded(
                    quota(demand.owner.namespace, found.budget, found.scope, found: demand.amounts[found.budget]))
            ]
        }
        if rejected.isEmpty {
            self.hosts = hosts
        } else {
            self.hosts = hosts.filter { !rejected.contains($0.owner) }
            unserved = Self.listed(hosts.filter { rejected.contains($0.owner) }.map(\.host))
        }
        admit(pods)
    }

    /// The budget that rejects each demand, by its index. A budget counts what those before it admit.
    private static func excess(
        of demands: [Demand], _ limits: BudgetLimits
    ) -> [Int: (budget: Budget, scope: BudgetShare.Scope)] {
        var excess: [Int: (budget: Budget, scope: BudgetShare.Scope)] = [:]
        for budget in [Budget.hosts, .paths, .configurationSize] {
            let items = demands.enumerated().map { index, demand in
                BudgetShare.Item(
                    namespace: demand.owner.namespace, amount: excess[index] == nil ? demand.amounts[budget] : 0)
            }
            let share = BudgetShare(total: limits.total[budget], namespace: limits.namespace[budget])
            for (index, scope) in share.cuts(items) { excess[index] = (budget, scope) }
        }
        return excess
    }

    /// Admits the pods of each Service once for all Ingresses that use it, as nginx has them. The age of a Service is that
    /// of the oldest Ingress with it.
    private mutating func admit(_ known: [Backend: [AddressAndPort]]) {
        guard !known.isEmpty else { return }
        var groups: [(backend: Backend, addresses: [AddressAndPort])] = []
        var users: [Backend: [OwnerRef]] = [:]
        for host in hosts {
            for backend in host.podBackends {
                guard let addresses = known[backend] else { continue }
                if users[backend] == nil { groups.append((backend, addresses)) }
                if users[backend]?.last != host.owner { users[backend, default: []].append(host.owner) }
            }
        }
        let items = groups.map {
            BudgetShare.Item(namespace: $0.backend.service?.namespace ?? "", amount: $0.addresses.count)
        }
        let limits = report.limits
        let cuts = BudgetShare(total: limits.total.pods, namespace: limits.namespace.pods).cuts(items)
        for (index, group) in groups.enumerated() {
            let namespace = items[index].namespace
            report.add(
                BudgetAmounts(pods: group.addresses.count), namespace: namespace, isServed: cuts[index] == nil)
            if cuts[index] == nil { pods[group.backend] = group.addresses }
        }
        for (index, scope) in cuts.sorted(by: { $0.key < $1.key }) {
            guard let service = groups[index].backend.service else { continue }
            let quota = quota(items[index].namespace, .pods, scope, found: items[index].amount)
            for owner in users[groups[index].backend] ?? [] {
                rejections[owner, default: []].append(.quotaExceeded(quota, podsOf: service))
            }
        }
    }

    private func quota(_ namespace: String, _ budget: Budget, _ scope: BudgetShare.Scope, found: Int) -> QuotaExcess {
        switch scope {
        case .total:
            QuotaExcess(
                budget: budget, namespace: nil, limit: report.limits.total[budget], used: report.total.used[budget],
                found: found)
        case .namespace:
            QuotaExcess(
                budget: budget, namespace: namespace, limit: report.limits.namespace[budget],
                used: report.namespaces[namespace]?.used[budget] ?? 0, found: found)
        }
    }

    /// The oldest hosts, sorted by name. The catch-all needs no name: the default server answers.
    private static func listed(_ hosts: [Host]) -> [Host] {
        var wildcards = 0
        return hosts.filter { host in
            switch host {
            case .exact: return true
            case .wildcard:
                wildcards += 1
                return wildcards <= maximumUnservedWildcards
            case .catchAll: return false
            }
        }.prefix(maximumUnserved).sorted()
    }
}

/// What one Ingress needs.
private struct Demand {
    var owner: OwnerRef
    var amounts: BudgetAmounts

    /// Oldest first.
    static func list(of hosts: [VirtualHost]) -> [Demand] {
        var demands: [Demand] = []
        var size = SizeBudget()
        for host in hosts {
            if demands.last?.owner != host.owner {
                demands.append(Demand(owner: host.owner, amounts: BudgetAmounts()))
                size = SizeBudget()
            }
            let amounts = BudgetAmounts(
                hosts: 1, paths: host.routes.count, configurationSize: size.count(host))
            demands[demands.count - 1].amounts += amounts
        }
        return demands
    }
}

extension VirtualHost {
    /// The backends that are pods, in the order of the routes.
    fileprivate var podBackends: [Backend] {
        routes.flatMap { route in
            let pods = route.backend.pods
            return pods.count < 2 ? Array(pods) : pods.sorted { "\($0)" < "\($1)" }
        }
    }
}
