/// The limits of the budgets. They are fixed numbers, so that every replica admits the same Ingresses.
public struct BudgetLimits: Sendable, Equatable {
    /// For all namespaces together.
    public var total: BudgetAmounts
    /// For each namespace.
    public var namespace: BudgetAmounts

    public init(total: BudgetAmounts, namespace: BudgetAmounts) {
        self.total = total
        self.namespace = namespace
    }

    /// The defaults: what nginx serves in the memory limit of the shipped manifests, 1 GiB, with the measurements of
    /// docs/reliability.md.
    public static let standard = BudgetLimits(
        total: BudgetAmounts(hosts: 1200, paths: 2500, pods: 5000, configurationSize: 12 << 20),
        namespace: BudgetAmounts(hosts: 1000, paths: 2000, pods: 2500, configurationSize: 6 << 20))

    /// The memory in bytes that nginx and the controller may need if the total budgets are used completely: an old and a
    /// new generation at the same time, each host with a certificate of its own.
    public var memory: Int {
        Memory.base + total.hosts * Memory.host + total.paths * Memory.path + total.pods * Memory.pod
            + total.configurationSize * Memory.configurationByte
    }

    /// Measured in bytes, at the peak of a reload: the old and the new generation, and what the old workers keep of the
    /// pages that the master frees. nginx 1.22, which needs more than newer versions; docs/reliability.md has the figures.
    private enum Memory {
        /// The controller, nginx without hosts, and the kept generations.
        static let base = 200 << 20
        static let host = 246 << 10
        static let path = 134 << 10
        static let pod = 10 << 10
        /// The next generation in the state folder, and the text while it is made and read.
        static let configurationByte = 4
    }
}
