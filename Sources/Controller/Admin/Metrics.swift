internal import Audit
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// The metrics, in the order of the page `/metrics`.
enum Metrics {
    /// Those that change only when the state of the controller does.
    static func text(of input: MetricsInput) -> String {
        (source + budgets + secrets(input.values.secrets) + nginx).map { $0.text(input) }.joined()
    }

    /// Those that change all the time.
    static func ages(of input: MetricsInput) -> String { ages.map { $0.text(input) }.joined() }

    /// The state of this replica, and of the routing table.
    private static let source = [
        Metric("ready", .gauge, "1 while this replica is ready for traffic (/readyz).") { $0.isReady ? 1 : 0 },
        Metric("source_synced", .gauge, "1 when all objects have been read from the API server or the manifest folder.")
        { $0.isSynced ? 1 : 0 },
        Metric("leader", .gauge, "1 while this replica is the leader, which writes Events and status.") {
            $0.isLeader ? 1 : 0
        },
        Metric("nginx_up", .gauge, "1 while nginx's master process runs.") { $0.isNginxRunning ? 1 : 0 },
        Metric("nginx_restarts_total", .counter, "Unexpected exits of nginx's master process.") {
            Double($0.nginxRestarts)
        },
        Metric("generation", .gauge, "The generation that nginx serves.") { Double($0.values.generation ?? 0) },
        Metric("hosts", .gauge, "Hosts in the routing table, including those of quarantined Ingresses.") {
            Double($0.values.table.hosts.count)
        },
        Metric(
            "rejections", .gauge, "Rejected fields, labels and annotations of Ingresses, by reason.", label: "reason"
        ) {
            counts(
                EventReason.allCases.filter(\.isRejection).map(\.rawValue), $0.values.rejections.map(\.reason.name))
        },
        Metric("closed_hosts", .gauge, "Hosts that another controller's annotation protects and that answer 503.") {
            Double($0.values.table.hosts.count { $0.settings.closedBy != nil })
        },
        Metric("host_takeovers_total", .counter, "Hosts that moved from one Ingress to another.") {
            Double($0.values.hostTakeovers)
        },
        Metric(
            "host_policy_rejected", .gauge,
            "1 while the file of --host-policy is rejected and the last valid policy applies."
        ) { $0.values.hostPolicy?.problem == nil ? 0 : 1 },
        Metric(
            "disappeared_objects", .gauge,
            "Objects that are served until the grace period is over although their source no longer has them.",
            label: "kind"
        ) { input in
            ObjectKind.allCases.map { kind in
                let lost = input.values.disappearances.filter { $0.kind == kind }
                return (kind.rawValue, Double(lost.map(\.objects).reduce(0, +)))
            }
        },
        Metric("quarantined", .gauge, "Ingresses that nginx rejects and that are served in their last good state.") {
            Double($0.values.quarantined.count)
        },
    ]

    /// One metric per kind of secret.
    private static func secrets(_ reports: SecretReports) -> [Metric] {
        reports.kinds.map { kind in
            let counts = kind.countByState
            return Metric(kind.names.metric, .gauge, "Number of \(kind.names.plural), by state.", label: "state") { _ in
                SecretState.Name.allCases.map { ($0.rawValue, Double(counts[$0.rawValue] ?? 0)) }
            }
        }
    }

    /// The metrics of served certificates and of reloads.
    private static let nginx = [
        Metric(
            "certificate_first_expiry_timestamp_seconds", .gauge,
            "The earliest expiry of the served certificates, in seconds since 1970."
        ) { $0.values.secrets.certificates.compactMap { $0.certificate.map { Double($0.notAfter) } }.min() ?? 0 },
        Metric("reloads_total", .counter, "Attempts to apply a configuration, by result.", label: "result") { input in
            AuditRecord.Reload.Result.allCases.map { ($0.rawValue, Double(input.values.reloads[$0.rawValue] ?? 0)) }
        },
        Metric(
            "reload_failing", .gauge,
            "1 while nginx does not serve the state of the cluster because the last attempt failed."
        ) { $0.values.failuresInARow == 0 ? 0 : 1 },
        Metric("reload_failures_in_a_row", .gauge, "Consecutive failed attempts to apply the configuration.") {
            Double($0.values.failuresInARow)
        },
        Metric("reload_seconds_total", .counter, "Total time of nginx -t and reloads, in seconds.") {
            $0.values.reloadSeconds
        },
        Metric(
            "last_applied_timestamp_seconds", .gauge, "The time of the last applied generation, in seconds since 1970."
        ) {
            $0.values.lastApplied ?? 0
        },
    ]

    /// The ages of what this replica knows. A large one means a lost connection or a loop that does not work.
    private static let ages = [
        Metric(
            "source_list_age_seconds", .gauge,
            "Time since the last complete list of a kind of object, or the last read of the manifest folder.",
            label: "kind"
        ) { $0.listAges },
        Metric(
            "source_event_age_seconds", .gauge,
            "Time since the last watch event of a kind of object, including bookmarks.", label: "kind"
        ) { $0.eventAges },
        Metric("last_pass_age_seconds", .gauge, "Time since the last pass of the loop.") { $0.lastPassAge },
    ]

    /// - Returns: the number of occurrences of each name in `found`, in the order of `names`.
    private static func counts(_ names: [String], _ found: [String]) -> [(String, Double)] {
        let counts = Dictionary(grouping: found, by: \.self).mapValues(\.count)
        return names.map { ($0, Double(counts[$0] ?? 0)) }
    }
}
