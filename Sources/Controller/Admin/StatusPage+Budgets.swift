internal import Routing

extension StatusPage {
    /// The budgets: what is served, what the Ingresses need, and the limits.
    struct Budgets: Encodable {
        struct Use: Encodable {
            var budget: String
            var used: Int
            var found: Int
            var limit: Int
        }

        struct Namespace: Encodable {
            var namespace: String
            var budgets: [Use]
        }

        var total: [Use]
        /// Those that need most.
        var namespaces: [Namespace]
        var rejectedIngresses: Int
        /// Set if the budgets may need more memory than the container has.
        var warning: String?

        init(_ report: BudgetReport, warning: String?) {
            total = Self.uses(report.total, report.limits.total)
            namespaces = report.largestNamespaces(Metrics.namespaces).map {
                Namespace(namespace: $0.name, budgets: Self.uses($0.use, report.limits.namespace))
            }
            rejectedIngresses = report.rejectedIngresses
            self.warning = warning
        }

        private static func uses(_ use: BudgetReport.Use, _ limits: BudgetAmounts) -> [Use] {
            Budget.allCases.map {
                Use(budget: $0.rawValue, used: use.used[$0], found: use.found[$0], limit: limits[$0])
            }
        }
    }
}
