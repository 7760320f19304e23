/// What a budget limits. The raw value is its name in messages, `/status` and the metrics.
public enum Budget: String, Sendable, CaseIterable {
    case hosts
    case paths
    /// The addresses of the Services whose pods nginx selects itself.
    case pods
    /// The bytes of nginx's configuration, estimated from the objects.
    case configurationSize = "configuration_size"

    /// The flags without their dashes: they set the limit for all namespaces, and the limit for each.
    public var flags: (total: String, namespace: String) {
        switch self {
        case .hosts: ("max-hosts", "max-namespace-hosts")
        case .paths: ("max-paths", "max-namespace-paths")
        case .pods: ("max-pods", "max-namespace-pods")
        case .configurationSize: ("max-configuration-size", "max-namespace-configuration-size")
        }
    }

    /// The unit in messages.
    var unit: String { self == .configurationSize ? "bytes of configuration" : rawValue }
}

/// An amount for each budget: what something needs, or the limits.
public struct BudgetAmounts: Sendable, Equatable {
    public var hosts: Int
    public var paths: Int
    public var pods: Int
    /// In bytes.
    public var configurationSize: Int

    public init(hosts: Int = 0, paths: Int = 0, pods: Int = 0, configurationSize: Int = 0) {
        self.hosts = hosts
        self.paths = paths
        self.pods = pods
        self.configurationSize = configurationSize
    }

    public subscript(budget: Budget) -> Int {
        switch budget {
        case .hosts: hosts
        case .paths: paths
        case .pods: pods
        case .configurationSize: configurationSize
        }
    }

    static func += (left: inout BudgetAmounts, right: BudgetAmounts) {
        left.hosts += right.hosts
        left.paths += right.paths
        left.pods += right.pods
        left.configurationSize += right.configurationSize
    }
}
