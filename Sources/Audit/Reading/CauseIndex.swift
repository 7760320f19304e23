/// The causes of a reload, by object: finds the cause of a host's change.
public struct CauseIndex: Sendable {
    private struct Key: Hashable {
        var kind: String
        var object: String
    }

    private let causes: [Key: AuditRecord.CauseEntry]

    public init(_ causes: [AuditRecord.CauseEntry]) {
        self.causes = Dictionary(causes.map { (Key(kind: $0.kind, object: $0.object), $0) }) { first, _ in first }
    }

    /// - Parameters:
    ///   - owners: the old and the new owner of the host, `namespace/name`.
    ///   - claimants: the other Ingresses that began or ceased to claim the host.
    /// - Returns: nil if no cause names the host or these Ingresses, such as a change of a Service.
    public func cause(
        host: String, owners: (before: String?, after: String?), claimants: Set<String>
    ) -> AuditRecord.CauseEntry? {
        // The host goes to a new owner because of the new owner's change, or else the old owner's.
        let ingresses = [owners.after, owners.before].compactMap { $0 } + claimants.sorted()
        return ingresses.lazy.compactMap { causes[Key(kind: "Ingress", object: $0)] }.first
            ?? causes[Key(kind: "Certificate", object: host)]
    }
}
