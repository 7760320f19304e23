internal import Audit
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

extension AuditRecord.CauseEntry {
    init(_ cause: Cause) {
        self.init(
            kind: cause.kind, namespace: cause.namespace, name: cause.name, change: cause.change.rawValue,
            resourceVersion: cause.resourceVersion, manager: cause.manager)
    }
}

extension Configuration {
    /// The hosts that are closed, and were not closed by the same annotation before; sorted.
    func closed(since old: Configuration) -> [AuditRecord.Reload.HostLists.Closed] {
        var before: [Host: String] = [:]
        for host in old.table.hosts { before[host.host] = host.settings.closedBy }
        return table.hosts.compactMap { host in
            guard let annotation = host.settings.closedBy, before[host.host] != annotation else { return nil }
            return .init(host: "\(host.host)", annotation: annotation)
        }
    }
}

extension AuditRecord.Quarantined {
    /// Sorted by owner.
    static func list(_ problems: [OwnerRef: String]) -> [Self] {
        problems.sorted { $0.key < $1.key }.map {
            Self(namespace: $0.key.namespace, name: $0.key.name, error: $0.value)
        }
    }
}

extension ReloadAttempt.Result {
    var kind: AuditRecord.Reload.Result {
        switch self {
        case .applied: .applied
        case .rejected: .rejected
        case .failed, .exhausted: .failed
        }
    }

    /// As the audit log and the metrics write it.
    var name: String { kind.rawValue }

    var error: String? {
        switch self {
        case .applied: nil
        case .rejected(let error), .exhausted(let error), .failed(let error): error
        }
    }
}
