internal import NginxConfig
internal import Routing

/// The owners whose configuration nginx rejects, and what is served in its place: their last good configuration, for as
/// long as they stay unchanged. They keep their hosts. Pure.
struct Quarantine: Equatable {
    struct Plan: Equatable {
        /// The configuration to serve.
        var configuration: Configuration
        /// The hosts whose configuration differs from the live one, by owner.
        var changed: [OwnerRef: [Host]] = [:]
        /// The hosts of quarantined owners, which are served by a substitute, by owner.
        var quarantinedHosts: [OwnerRef: [Host]] = [:]
    }

    /// The configuration that is served instead of a rejected one. When nginx rejects a substitute, the next one is
    /// used.
    private enum Substitute: Comparable {
        case lastGood
        /// The last good configuration with the name of each Service instead of its pods: pods are not part of the
        /// Ingress and change independently of it.
        case lastGoodByName
        /// Nothing: nginx rejects even the names of the hosts.
        case nothing

        var consequence: String {
            switch self {
            case .lastGood, .lastGoodByName:
                "its hosts are served in their last good state, or answer 503 if there is none"
            case .nothing: "its hosts are not served, because nginx rejects their last good state too"
            }
        }
    }

    private struct Entry: Equatable {
        /// The rejected configuration of the owner's hosts.
        var rejected: [Host: HostConfiguration]
        /// nginx's message.
        var problem: String
        var substitute: Substitute
        /// The size of the configuration with which a test lacked time or memory; nil if nginx rejected it.
        var exhaustingSize: Int?

        /// A change of the pods alone ends the quarantine only if the pods may be its cause.
        func isUnchanged(_ wanted: [Host: HostConfiguration]) -> Bool {
            // Another configuration of that size would take as long to test, and each test delays all others.
            if let exhaustingSize { return wanted.configurationSize >= exhaustingSize }
            if substitute > .lastGood { return wanted == rejected }
            return wanted.mapValues(\.virtualHost) == rejected.mapValues(\.virtualHost)
                && wanted.mapValues(\.certificate) == rejected.mapValues(\.certificate)
        }
    }

    private var entries: [OwnerRef: Entry] = [:]

    /// nginx's message and its consequence, by owner.
    var problems: [OwnerRef: String] { entries.mapValues { "\($0.problem); \($0.substitute.consequence)" } }

    /// Plans what to serve. An owner whose configuration has changed since it was rejected is tried again.
    ///
    /// - Parameters:
    ///   - wanted: the configuration from the current snapshot.
    ///   - live: the configuration that nginx serves; nil if it serves nothing.
    mutating func plan(_ wanted: Configuration, live: Configuration?) -> Plan {
        guard !entries.isEmpty else { return Self.plan(wanted, live: live ?? Configuration()) }
        let (hosts, lastGood) = (wanted.byHost, live?.byHost ?? [:])
        if !entries.isEmpty {
            let byOwner = hosts.byOwner
            entries = entries.filter { $0.value.isUnchanged(byOwner[$0.key] ?? [:]) }
        }
        var plan = Plan(configuration: wanted)
        plan.configuration.quarantined = problems
        plan.configuration.table.hosts = []
        for host in wanted.table.hosts {
            if let entry = entries[host.owner] {
                guard entry.substitute != .nothing else {
                    plan.configuration.certificates.byHost[host.host] = nil
                    continue
                }
                // A server that answers 503 would need almost as much time and memory as the one that is quarantined.
                if entry.exhaustingSize != nil, lastGood[host.host]?.virtualHost.owner != host.owner {
                    plan.configuration.certificates.byHost[host.host] = nil
                    if host.host != .catchAll { plan.configuration.table.unserved.append(host.host) }
                    continue
                }
                let served = Self.substitute(entry.substitute, for: host, lastGood: lastGood[host.host])
                plan.configuration.table.hosts.append(served.virtualHost)
                plan.configuration.certificates.byHost[host.host] = served.certificate
                plan.quarantinedHosts[host.owner, default: []].append(host.host)
            } else {
                plan.configuration.table.hosts.append(host)
                if hosts[host.host] != lastGood[host.host] {
                    plan.changed[host.owner, default: []].append(host.host)
                }
            }
        }
        plan.configuration.table.unserved.sort()
        let used = Set(plan.configuration.table.hosts.compactMap(\.htpasswdSource))
        plan.configuration.htpasswdFiles.removeAll { !used.contains($0.source) }
        return plan
    }

    /// The plan without a quarantined owner.
    private static func plan(_ wanted: Configuration, live: Configuration) -> Plan {
        var plan = Plan(configuration: wanted)
        for pair in HostPairs(live.table.hosts, wanted.table.hosts) where wanted.isChanged(pair, since: live) {
            guard let host = pair.new else { continue }
            plan.changed[host.owner, default: []].append(host.host)
        }
        return plan
    }

    /// Quarantines owners: they are served in their last good state.
    ///
    /// - Parameters:
    ///   - rejectedOwners: nginx's message by owner. For an owner that is already quarantined, nginx rejected the
    ///     substitute.
    ///   - wanted: the configuration that was rejected.
    mutating func add(_ rejectedOwners: [OwnerRef: String], wanted: Configuration) {
        let byOwner = wanted.byHost.byOwner
        for (owner, problem) in rejectedOwners {
            switch entries[owner]?.substitute {
            case nil:
                entries[owner] = Entry(rejected: byOwner[owner] ?? [:], problem: problem, substitute: .lastGood)
            case .lastGood: entries[owner]?.substitute = .lastGoodByName
            case .lastGoodByName, .nothing: entries[owner]?.substitute = .nothing
            }
        }
    }

    /// Quarantines owners of large changes: a test of the configuration with them lacked time or memory.
    mutating func addLargest(_ owners: [OwnerRef: String], wanted: Configuration) {
        add(owners, wanted: wanted)
        let byOwner = wanted.byHost.byOwner
        for owner in owners.keys {
            entries[owner]?.exhaustingSize = byOwner[owner]?.configurationSize ?? 0
        }
    }

    /// Ends the quarantine of owners of large changes, so that they are tried again.
    mutating func releaseLargest() { entries = entries.filter { $0.value.exhaustingSize == nil } }

    /// True if an owner of a large change is quarantined.
    var hasLargest: Bool { entries.values.contains { $0.exhaustingSize != nil } }

    /// The last good configuration of a host, if it had the same owner; else 503.
    private static func substitute(
        _ substitute: Substitute, for host: VirtualHost, lastGood: HostConfiguration?
    ) -> HostConfiguration {
        if var last = lastGood, last.virtualHost.owner == host.owner {
            // Changes of access control always take effect, also in quarantine.
            last.virtualHost.settings.basicAuth = host.settings.basicAuth
            last.virtualHost.settings.allowFrom = host.settings.allowFrom
            last.virtualHost.settings.closedBy = host.settings.closedBy
            // The status of the redirect is that of the last good state.
            let redirect = last.virtualHost.settings.redirect ?? .httpsOnly
            last.virtualHost.settings.redirect = host.settings.redirect == nil ? nil : redirect
            if substitute == .lastGoodByName { last.virtualHost.nameBackends() }
            return last
        }
        return HostConfiguration(
            virtualHost: VirtualHost(
                host: host.host, owner: host.owner, routes: [Route(match: .prefix(.root), backend: .unavailable)]),
            certificate: nil)
    }
}

extension [Host: HostConfiguration] {
    /// An estimate of the bytes in nginx's configuration.
    fileprivate var configurationSize: Int { values.reduce(0) { $0 + $1.configurationSize } }

    fileprivate var byOwner: [OwnerRef: [Host: HostConfiguration]] {
        reduce(into: [:]) { $0[$1.value.virtualHost.owner, default: [:]][$1.key] = $1.value }
    }
}
