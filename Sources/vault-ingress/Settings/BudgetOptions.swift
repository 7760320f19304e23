internal import ArgumentParser
internal import Routing

/// The flags of the budgets, as given.
struct BudgetOptions: ParsableArguments {
    @Option(Settings.maxHosts) var maxHosts: String?
    @Option(Settings.maxPaths) var maxPaths: String?
    @Option(Settings.maxPods) var maxPods: String?
    @Option(Settings.maxConfigurationSize) var maxConfigurationSize: String?
    @Option(Settings.maxNamespaceHosts) var maxNamespaceHosts: String?
    @Option(Settings.maxNamespacePaths) var maxNamespacePaths: String?
    @Option(Settings.maxNamespacePods) var maxNamespacePods: String?
    @Option(Settings.maxNamespaceConfigurationSize) var maxNamespaceConfigurationSize: String?
}

extension BudgetLimits {
    init(_ options: BudgetOptions, _ reader: inout SettingReader) throws(UsageError) {
        self.init(
            total: BudgetAmounts(
                hosts: try reader.value(Settings.maxHosts, options.maxHosts),
                paths: try reader.value(Settings.maxPaths, options.maxPaths),
                pods: try reader.value(Settings.maxPods, options.maxPods),
                configurationSize: try reader.value(Settings.maxConfigurationSize, options.maxConfigurationSize)),
            namespace: BudgetAmounts(
                hosts: try reader.value(Settings.maxNamespaceHosts, options.maxNamespaceHosts),
                paths: try reader.value(Settings.maxNamespacePaths, options.maxNamespacePaths),
                pods: try reader.value(Settings.maxNamespacePods, options.maxNamespacePods),
                configurationSize: try reader.value(
                    Settings.maxNamespaceConfigurationSize, options.maxNamespaceConfigurationSize)))
    }
}
