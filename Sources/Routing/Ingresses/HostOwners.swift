/// The owner of each host: the first Ingress that claims it. Ingresses claim oldest first.
struct HostOwners {
    private var owners: [Host: OwnerRef] = [:]
    private var quota = ServerNameQuota()
    private let policy: HostPolicy?

    /// - Parameter policy: nil allows every claim.
    init(policy: HostPolicy? = nil) { self.policy = policy }

    /// - Returns: nil if the claimant is the owner now.
    mutating func claim(_ host: Host, field: String, by owner: OwnerRef) -> FieldRejection? {
        if let violation = policy?.violation(of: host, by: owner.namespace) {
            return FieldRejection(
                field: field, value: host.name, reason: .hostNotAllowed,
                explanation: violation.explanation(namespace: owner.namespace))
        }
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
