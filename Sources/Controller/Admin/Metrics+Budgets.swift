internal import Routing

extension Metrics {
    /// The namespaces that have metrics of their own: those that need most.
    static let namespaces = 20

    /// The budgets of the installation and of the largest namespaces.
    static let budgets = [
        Metric("budget_limit", .gauge, "The limit of a budget for all namespaces together.", label: "budget") { input in
            Budget.allCases.map { ($0.rawValue, Double(input.values.budgets.limits.total[$0])) }
        },
        Metric("budget_used", .gauge, "What is served of a budget, in all namespaces together.", label: "budget") {
            input in
            Budget.allCases.map { ($0.rawValue, Double(input.values.budgets.total.used[$0])) }
        },
        Metric("budget_found", .gauge, "What the Ingresses of all namespaces need of a budget.", label: "budget") {
            input in
            Budget.allCases.map { ($0.rawValue, Double(input.values.budgets.total.found[$0])) }
        },
        Metric("budget_namespace_limit", .gauge, "The limit of a budget for each namespace.", label: "budget") {
            input in
            Budget.allCases.map { ($0.rawValue, Double(input.values.budgets.limits.namespace[$0])) }
        },
        Metric(
            "budget_namespace_used", .gauge,
            "What is served of a budget, in each of the \(namespaces) namespaces that need most.",
            labels: ("namespace", "budget")
        ) { input in
            input.values.budgets.largestNamespaces(namespaces).flatMap { name, use in
                Budget.allCases.map { (name, $0.rawValue, use.used[$0]) }
            }
        },
        Metric("budget_rejected_ingresses", .gauge, "Ingresses that are not served because they exceed a budget.") {
            Double($0.values.budgets.rejectedIngresses)
        },
    ]
}
