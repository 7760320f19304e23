internal import Kubernetes
internal import NginxConfig
internal import Routing

/// Which Ingresses nginx refused, and what is served in the place of what they ask for: their last good configuration
/// while they stay as they are. They keep their hosts. Pure.
struct Quarantine {
    struct Plan: Equatable {
        var table: RoutingTable
        var certificates: CertificateSet
        /// The hosts that would be served differently than they are, by owner.
        var changed: [ObjectKey: [Host]]
    }

    private struct Entry {
        /// What was refused: all that the Ingress asked for.
        var hosts: [Host: ServedHost]
        /// nginx's own words.
        var problem: String
    }

    /// What is served, host by host.
    private(set) var lastGood: [Host: ServedHost]
    private var entries: [ObjectKey: Entry] = [:]

    init(lastGood: [Host: ServedHost] = [:]) {
        self.lastGood = lastGood
    }

    /// nginx's words by Ingress.
    var problems: [ObjectKey: String] { entries.mapValues(\.problem) }

    /// What to serve of what is wanted. An Ingress that is no longer as it was refused is tried again.
    mutating func plan(_ table: RoutingTable, _ certificates: CertificateSet) -> Plan {
        let wanted = ServedHost.list(table, certificates)
        if !entries.isEmpty {
            let byOwner = wanted.byOwner
            entries = entries.filter { $0.value.hosts == byOwner[$0.key] }
        }
        var plan = Plan(table: table, certificates: certificates, changed: [:])
        for (index, routes) in table.hosts.enumerated() {
            if entries[routes.owner] != nil {
                let substitute = substitute(for: routes)
                plan.table.hosts[index] = substitute.routes
                plan.certificates.byHost[routes.host] = substitute.certificate
            } else if wanted[routes.host] != lastGood[routes.host] {
                plan.changed[routes.owner, default: []].append(routes.host)
            }
        }
        return plan
    }

    /// - Parameter culprits: whom nginx refused, with its words.
    mutating func hold(_ culprits: [ObjectKey: String], _ table: RoutingTable, _ certificates: CertificateSet) {
        let byOwner = ServedHost.list(table, certificates).byOwner
        for (owner, problem) in culprits {
            entries[owner] = Entry(hosts: byOwner[owner] ?? [:], problem: problem)
        }
    }

    /// The plan is live.
    mutating func confirm(_ plan: Plan) {
        lastGood = ServedHost.list(plan.table, plan.certificates)
    }

    /// What another owner was served with is not this one's: then, and where there was nothing, 503.
    private func substitute(for routes: HostRoutes) -> ServedHost {
        if var last = lastGood[routes.host], last.routes.owner == routes.owner {
            // Whom to let in is never held back.
            last.routes.needs.settings.basicAuth = routes.needs.settings.basicAuth
            return last
        }
        let nothing = HostRoutes(
            host: routes.host, owner: routes.owner, routes: [Route(match: .prefix(.root), backend: .unavailable)])
        return ServedHost(routes: nothing, certificate: nil)
    }
}

extension [Host: ServedHost] {
    fileprivate var byOwner: [ObjectKey: [Host: ServedHost]] {
        reduce(into: [:]) { $0[$1.value.routes.owner, default: [:]][$1.key] = $1.value }
    }
}
