/// Finds, among the causes of a change, the one that explains what happened to a host.
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
    ///   - owners: `namespace/name` of the Ingress that had the host before, and of the one that has it now.
    ///   - claimants: the Ingresses that began or ceased to claim it besides.
    /// - Returns: nil where none of the causes is about it: a Service's change, which shows in the routes only.
    public func cause(
        host: String, owners: (before: String?, after: String?), claimants: Set<String>
    ) -> AuditRecord.CauseEntry? {
        // A host that goes to the next one does so because of the last owner, unless an older Ingress came.
        let ingresses = [owners.after, owners.before].compactMap { $0 } + claimants.sorted()
        return ingresses.lazy.compactMap { causes[Key(kind: "Ingress", object: $0)] }.first
            ?? causes[Key(kind: "Certificate", object: host)]
    }
}
