/// The owner of each host: the first Ingress that claims it. Ingresses claim oldest first.
struct HostOwners {
    private var owners: [Host: OwnerRef] = [:]
    private var quota = ServerNameQuota()

    /// - Returns: nil if the claimant is the owner now.
    mutating func claim(_ host: Host, field: String, by owner: OwnerRef) -> FieldRejection? {
        if let older = owners[host] {
            return FieldRejection(
                field: field, value: host.name, reason: .hostConflict(owner: older),
                explanation: "already owned by \(older.qualified); remove it from one of the two")
        }
        guard quota.take(host, namespace: owner.namespace) else {
            return FieldRejection(
                field: field, value: host.name,
                explanation:
                    "expected a host within the quota of the namespace: too many of its hosts have the same hash in nginx; use another name"
            )
        }
        owners[host] = owner
        return nil
    }
}
