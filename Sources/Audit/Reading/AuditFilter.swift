/// The selection of lines. All conditions that are set must hold.
public struct AuditFilter: Sendable {
    /// An object of the cluster, from the command line.
    public struct Object: Sendable, Equatable {
        private let parts: [String]

        /// Parses `NAMESPACE/NAME`, `KIND/NAMESPACE/NAME`, or `KIND/NAME` for a cluster-scoped object.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), !parts.contains("") else { return nil }
            self.parts = parts
        }

        func matches(kind: String, namespace: String, name: String) -> Bool {
            let isKind = parts[0].lowercased() == kind.lowercased()
            if parts.count == 3 { return isKind && parts[1...] == [namespace, name] }
            return parts == [namespace, name] || (isKind && namespace.isEmpty && parts[1] == name)
        }
    }

    public var host: HostNames?
    public var namespace: String?
    public var object: Object?
    /// Inclusive.
    public var since: Timestamp?
    /// Inclusive.
    public var until: Timestamp?
    /// Only reload attempts with these results.
    public var results: Set<AuditRecord.Reload.Result>?

    public init() {}

    public func matches(_ line: AuditLine) -> Bool {
        if let since, line.time < since { return false }
        if let until, line.time > until { return false }
        if let results {
            guard case .reload(let reload) = line.record, results.contains(reload.result) else { return false }
        }
        if let host, line.record.hosts.isDisjoint(with: host.filtered) { return false }
        if let namespace, !line.record.objects.contains(where: { $0.namespace == namespace }) { return false }
        if let object,
            !line.record.objects.contains(where: {
                object.matches(kind: $0.kind, namespace: $0.namespace, name: $0.name)
            })
        {
            return false
        }
        return true
    }
}
