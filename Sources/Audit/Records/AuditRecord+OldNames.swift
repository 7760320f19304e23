extension AuditRecord {
    /// The record with the current names in place of those that version 0.1.0 wrote: `UserList`, `UserListMissing`,
    /// `UserListInvalid`, `UserListUnavailable` and `refused`.
    var withCurrentNames: AuditRecord {
        switch self {
        case .reload(var reload) where reload.causes.contains(where: \.hasOldName):
            reload.causes = reload.causes.map(\.withCurrentName)
            return .reload(reload)
        case .hosts(var hosts) where hosts.hosts.contains(where: { $0.cause?.hasOldName == true }):
            for index in hosts.hosts.indices {
                hosts.hosts[index].cause = hosts.hosts[index].cause?.withCurrentName
            }
            return .hosts(hosts)
        case .certificate(var certificate):
            certificate.state = OldName.current(certificate.state)
            return .certificate(certificate)
        case .users(var users):
            users.state = OldName.current(users.state)
            users.problem = users.problem.map(OldName.current)
            return .users(users)
        case .start, .stop, .nginx, .reload, .hosts, .quarantine: return self
        }
    }
}

extension AuditRecord.CauseEntry {
    fileprivate var hasOldName: Bool { kind != OldName.current(kind) }

    fileprivate var withCurrentName: Self {
        var copy = self
        copy.kind = OldName.current(kind)
        return copy
    }
}

private enum OldName {
    static func current(_ name: String) -> String {
        if name == "refused" { return "rejected" }
        let prefix = "UserList"
        return name.hasPrefix(prefix) ? "Htpasswd\(name.dropFirst(prefix.count))" : name
    }
}
