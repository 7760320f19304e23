/// The owner of each host: the first Ingress that claims it. Ingresses claim oldest first.
struct HostOwners {
    private var owners: [Host: OwnerRef] = [:]
    private var quota = ServerNameQuota()

    /// - Returns: why the host is not granted; nil makes the claimant its owner.
    mutating func claim(_ host: Host, field: String, by owner: OwnerRef) -> FieldRejection? {
        if let older = owners[host] {
            return FieldRejection(
                field: field, value: host.name, reason: .hostConflict(owner: older),
                explanation: "belongs to \(older.qualified)")
        }
        guard quota.take(host, namespace: owner.namespace) else {
            return FieldRejection(
                field: field, value: host.name,
                explanation: "expected a name that does not have nginx's hash of many others in this namespace")
        }
        owners[host] = owner
        return nil
    }
}
