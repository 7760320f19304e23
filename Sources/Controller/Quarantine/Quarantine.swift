internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// Which Ingresses nginx refused, and what is served in the place of what they ask for: their last good configuration
/// while they stay as they are. They keep their hosts. Pure.
struct Quarantine {
    struct Plan: Equatable {
        var table: RoutingTable
        var certificates: CertificateSet
        /// The hosts that would be served differently than they are, by owner.
        var changed: [OwnerRef: [Host]] = [:]
        /// The hosts of those that are held back, by owner; none of one that is left out.
        var held: [OwnerRef: [Host]] = [:]
    }

    /// What is served of a held Ingress. Each is tried when nginx refuses the one before it.
    private enum Substitute: Comparable {
        case lastGood
        /// Without the pods, which come from somebody else and change by themselves.
        case lastGoodByName
        /// Nothing: nginx refuses even the names of the hosts.
        case nothing
    }

    private struct Entry {
        /// What was refused: all that the Ingress asked for.
        var hosts: [Host: ServedHost]
        /// nginx's own words.
        var problem: String
        var substitute: Substitute

        /// Pods come and go, and are a reason to try again only where they may be the culprit.
        func isStill(_ wanted: [Host: ServedHost]) -> Bool {
            if substitute > .lastGood { return wanted == hosts }
            return wanted.mapValues(\.withoutPods) == hosts.mapValues(\.withoutPods)
        }
    }

    /// What is served, host by host.
    private(set) var lastGood: [Host: ServedHost]
    private var entries: [OwnerRef: Entry] = [:]

    init(lastGood: [Host: ServedHost] = [:]) {
        self.lastGood = lastGood
    }

    /// nginx's words by Ingress.
    var problems: [OwnerRef: String] {
        entries.mapValues { $0.problem + ($0.substitute == .nothing ? "; its hosts are left out altogether" : "") }
    }

    /// What to serve of what is wanted. An Ingress that is no longer as it was refused is tried again.
    mutating func plan(_ table: RoutingTable, _ certificates: CertificateSet) -> Plan {
        let wanted = ServedHost.list(table, certificates)
        if !entries.isEmpty {
            let byOwner = wanted.byOwner
            entries = entries.filter { $0.value.isStill(byOwner[$0.key] ?? [:]) }
        }
        var plan = Plan(table: table, certificates: certificates)
        plan.table.hosts = []
        for routes in table.hosts {
            if let entry = entries[routes.owner] {
                guard entry.substitute != .nothing else { continue }
                let served = served(in: routes, entry.substitute)
                plan.table.hosts.append(served.routes)
                plan.certificates.byHost[routes.host] = served.certificate
                plan.held[routes.owner, default: []].append(routes.host)
            } else {
                plan.table.hosts.append(routes)
                if wanted[routes.host] != lastGood[routes.host] {
                    plan.changed[routes.owner, default: []].append(routes.host)
                }
            }
        }
        return plan
    }

    /// - Parameter culprits: whom nginx refused, with its words; again where it refused the substitute too.
    mutating func hold(_ culprits: [OwnerRef: String], _ table: RoutingTable, _ certificates: CertificateSet) {
        let byOwner = ServedHost.list(table, certificates).byOwner
        for (owner, problem) in culprits {
            switch entries[owner]?.substitute {
            case nil: entries[owner] = Entry(hosts: byOwner[owner] ?? [:], problem: problem, substitute: .lastGood)
            case .lastGood: entries[owner]?.substitute = .lastGoodByName
            case .lastGoodByName, .nothing: entries[owner]?.substitute = .nothing
            }
        }
    }

    /// The plan is live.
    mutating func confirm(_ plan: Plan) {
        lastGood = ServedHost.list(plan.table, plan.certificates)
    }

    /// What another owner was served with is not this one's: then, and where there was nothing, 503.
    private func served(in routes: VirtualHost, _ substitute: Substitute) -> ServedHost {
        if var last = lastGood[routes.host], last.routes.owner == routes.owner {
            // Who may come in, and how, is never held back.
            last.routes.settings.basicAuth = routes.settings.basicAuth
            last.routes.settings.allowFrom = routes.settings.allowFrom
            // The status of the redirect is held.
            let redirect = last.routes.settings.redirect ?? .httpsOnly
            last.routes.settings.redirect = routes.settings.redirect == nil ? nil : redirect
            if substitute == .lastGoodByName { last.routes.nameBackends() }
            return last
        }
        let nothing = VirtualHost(
            host: routes.host, owner: routes.owner, routes: [Route(match: .prefix(.root), backend: .unavailable)])
        return ServedHost(routes: nothing, certificate: nil)
    }
}

extension [Host: ServedHost] {
    fileprivate var byOwner: [OwnerRef: [Host: ServedHost]] {
        reduce(into: [:]) { $0[$1.value.routes.owner, default: [:]][$1.key] = $1.value }
    }
}

extension VirtualHost {
    /// Every Service by its name, none by its pods.
    fileprivate mutating func nameBackends() {
        for index in routes.indices { routes[index].backend = routes[index].backend.named }
    }
}

extension Backend {
    fileprivate var named: Backend {
        switch self {
        case .service, .unavailable: self
        case .pods(let service, let address, let port): .service(service, address: address, port: port)
        case .split(let shares, let key):
            .split(shares.map { Share(weight: $0.weight, backend: $0.backend.named) }, by: key)
        case .blueGreen(let plain, let blue, let green):
            .blueGreen(plain: plain.named, blue: blue.named, green: green.named)
        }
    }
}
