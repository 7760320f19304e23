internal import Routing

/// The budgets of the installation and of each namespace.
extension Settings {
    static let maxHosts = total(.hosts, "Maximum number of hosts of all namespaces")
    static let maxPaths = total(.paths, "Maximum number of paths of all namespaces")
    static let maxPods = total(.pods, "Maximum number of pods with affinity of all namespaces")
    static let maxConfigurationSize = total(.configurationSize, "Maximum size of the configuration of all namespaces")

    static let maxNamespaceHosts = namespace(.hosts, "Maximum number of hosts of one namespace")
    static let maxNamespacePaths = namespace(.paths, "Maximum number of paths of one namespace")
    static let maxNamespacePods = namespace(.pods, "Maximum number of pods with affinity of one namespace")
    static let maxNamespaceConfigurationSize = namespace(
        .configurationSize, "Maximum size of the configuration of one namespace")

    private static func total(_ budget: Budget, _ help: String) -> Setting<Int> {
        setting(budget, budget.flags.total, BudgetLimits.standard.total, help)
    }

    private static func namespace(_ budget: Budget, _ help: String) -> Setting<Int> {
        setting(budget, budget.flags.namespace, BudgetLimits.standard.namespace, help)
    }

    private static func setting(
        _ budget: Budget, _ name: String, _ standard: BudgetAmounts, _ help: String
    ) -> Setting<Int> {
        let isSize = budget == .configurationSize
        return Setting<Int>(
            name, variable: name.uppercased().replacing("-", with: "_"),
            default: .text(isSize ? "\(standard[budget] >> 20)m" : "\(standard[budget])"), help: help,
            recording: .described
        ) { text throws(InvalidValue) in
            isSize ? try ByteSize(text).bytes : try Parsing.number(1...10_000_000)(text)
        }
    }
}
