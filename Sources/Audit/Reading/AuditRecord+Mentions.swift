extension AuditRecord {
    struct ObjectName: Hashable {
        var kind: String
        var namespace: String
        var name: String

        init(kind: String, namespace: String, name: String) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
        }

        /// - Parameter ingress: `namespace/name`.
        init(ingress: String) {
            let parts = ingress.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            self.init(kind: "Ingress", namespace: parts.count > 1 ? parts[0] : "", name: parts.last ?? "")
        }

        init(_ quarantined: Quarantined) {
            self.init(kind: "Ingress", namespace: quarantined.namespace, name: quarantined.name)
        }

        init(_ cause: CauseEntry) {
            self.init(kind: cause.kind, namespace: cause.namespace, name: cause.name)
        }
    }

    /// The hosts that the record names.
    var hosts: Set<String> {
        switch self {
        case .start, .stop, .nginx, .quarantine, .users: []
        case .reload(let reload):
            Set(reload.hosts.added + reload.hosts.removed + reload.hosts.changed)
                .union(reload.hosts.taken.map(\.host)).union(reload.hosts.closed.map(\.host))
                .union(reload.conflicts.map(\.host)).union(reload.certificates.map(\.host))
                .union(reload.causes.filter { $0.kind == "Certificate" }.map(\.name))
        case .hosts(let hosts): Set(hosts.hosts.map(\.host))
        case .certificate(let certificate): [certificate.host]
        }
    }

    /// The objects that the record names: causes, owners, claimants and quarantined Ingresses.
    var objects: Set<ObjectName> {
        switch self {
        case .start, .stop, .nginx: return []
        case .reload(let reload):
            let ingresses =
                reload.owners.values + reload.hosts.taken.flatMap { [$0.from, $0.to] }
                + reload.conflicts.flatMap { [$0.owner] + $0.claimants }
            return Set(reload.causes.map(ObjectName.init) + ingresses.map(ObjectName.init(ingress:)))
                .union(reload.quarantined.map(ObjectName.init))
        case .hosts(let hosts):
            let ingresses = hosts.hosts.flatMap { [$0.owner].compactMap { $0 } + ($0.claimants ?? []) }
            return Set(
                hosts.hosts.compactMap { $0.cause.map(ObjectName.init) } + ingresses.map(ObjectName.init(ingress:)))
        case .quarantine(let quarantine): return Set(quarantine.quarantined.map(ObjectName.init))
        case .certificate(let certificate):
            return Set([certificate.ingress].compactMap { $0 }.map(ObjectName.init(ingress:)))
        case .users(let users): return [ObjectName(kind: "Htpasswd", namespace: "", name: users.path)]
        }
    }
}
