/// The budgets of one pass, for `/status` and the metrics.
public struct BudgetReport: Sendable, Equatable {
    public struct Use: Sendable, Equatable {
        /// What is served.
        public var used = BudgetAmounts()
        /// What the Ingresses need, served or not.
        public var found = BudgetAmounts()

        public init(used: BudgetAmounts = BudgetAmounts(), found: BudgetAmounts = BudgetAmounts()) {
            self.used = used
            self.found = found
        }
    }

    public var limits: BudgetLimits
    public var total = Use()
    public var namespaces: [String: Use] = [:]
    /// The number of Ingresses that no budget admits.
    public var rejectedIngresses = 0

    public init(limits: BudgetLimits = .standard) {
        self.limits = limits
    }

    /// The namespaces that need most, in the order of their share of a limit: a page or a metric lists only these.
    public func largestNamespaces(_ count: Int) -> [(name: String, use: Use)] {
        namespaces.map { (name: $0.key, use: $0.value, share: share(of: $0.value.found)) }
            .sorted { ($1.share, $0.name) < ($0.share, $1.name) }
            .prefix(count).map { ($0.name, $0.use) }
    }

    /// The largest part of a namespace's limit.
    private func share(of amounts: BudgetAmounts) -> Double {
        Budget.allCases.map { Double(amounts[$0]) / Double(max(1, limits.namespace[$0])) }.max() ?? 0
    }

    mutating func add(_ amounts: BudgetAmounts, namespace: String, isServed: Bool) {
        total.found += amounts
        namespaces[namespace, default: Use()].found += amounts
        guard isServed else { return }
        total.used += amounts
        namespaces[namespace, default: Use()].used += amounts
    }
}
