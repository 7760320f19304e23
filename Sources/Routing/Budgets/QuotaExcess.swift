internal import KubernetesAPI

/// The reason why a budget does not admit an Ingress, or the pods of a Service.
public struct QuotaExcess: Sendable, Equatable {
    public var budget: Budget
    /// The namespace whose limit applies; nil for the limit of all namespaces together.
    public var namespace: String?
    public var limit: Int
    /// What the budget admits: of the namespace, or of all namespaces.
    public var used: Int
    /// What the Ingress, or the Service, needs.
    public var found: Int

    public init(budget: Budget, namespace: String?, limit: Int, used: Int, found: Int) {
        self.budget = budget
        self.namespace = namespace
        self.limit = limit
        self.used = used
        self.found = found
    }

    /// The flag that sets the limit: `--max-hosts`.
    public var flag: String { "--" + (namespace == nil ? budget.flags.total : budget.flags.namespace) }

    /// The budget for messages: `2000 hosts of all namespaces (--max-hosts)`. It stays the same while the limit applies.
    public var budgetText: String {
        "\(limit) \(budget.unit) of \(namespace.map { "namespace \($0)" } ?? "all namespaces") (\(flag))"
    }
}

extension Budget {
    /// For messages: `1000 hosts`.
    public func text(_ amount: Int) -> String { "\(amount) \(unit)" }
}

extension FieldRejection {
    /// The rejection of a whole Ingress.
    static func quotaExceeded(_ excess: QuotaExcess) -> FieldRejection {
        FieldRejection(
            field: "spec", value: "", reason: .quotaExceeded(excess),
            explanation:
                "expected to fit in the budget of \(excess.budgetText), found \(excess.budget.text(excess.found)) beside "
                + "\(excess.used) that are used; no host of this Ingress is served")
    }

    /// The rejection of the affinity of an Ingress, because the pods of the Service do not fit.
    static func quotaExceeded(_ excess: QuotaExcess, podsOf service: ObjectKey) -> FieldRejection {
        FieldRejection(
            field: Annotation.affinity.field, value: "\(service)", reason: .quotaExceeded(excess),
            explanation:
                "expected to fit in the budget of \(excess.budgetText), found \(excess.budget.text(excess.found)) beside "
                + "\(excess.used) that are used; the Service is served without affinity")
    }
}
