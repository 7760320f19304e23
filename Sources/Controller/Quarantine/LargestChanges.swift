internal import NginxConfig
internal import Routing

/// The owners of the largest changes of a plan. They are quarantined when a test of the whole lacks time or memory: the
/// largest one first, then as many as it takes for three quarters of the change, then all.
enum LargestChanges {
    /// - Parameters:
    ///   - round: counts from 1.
    ///   - problem: why the test ended.
    /// - Returns: the message of the quarantine, by owner.
    static func owners(in plan: Quarantine.Plan, round: Int, problem: String) -> [OwnerRef: String] {
        let hosts = plan.configuration.byHost
        let sizes = plan.changed.mapValues { $0.reduce(0) { $0 + (hosts[$1]?.configurationSize ?? 0) } }
        let largestFirst = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let total = sizes.values.reduce(0, +)
        let wanted =
            switch round {
            case 1: 1
            case 2: total - total / 4
            default: total
            }
        var chosen: [OwnerRef: String] = [:]
        var sum = 0
        for (owner, size) in largestFirst where sum < wanted {
            sum += size
            chosen[owner] =
                "the test of the configuration lacks time or memory (\(problem)), and this is among the largest changes: "
                + "about \(size) bytes of configuration"
        }
        return chosen
    }
}

extension HostConfiguration {
    /// An estimate of the bytes in nginx's configuration.
    var configurationSize: Int {
        virtualHost.configurationSize + pods.values.reduce(0) { $0 + $1.count * 80 }
    }
}
