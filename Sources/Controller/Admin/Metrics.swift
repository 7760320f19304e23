internal import Audit
internal import NginxConfig
internal import Routing

/// The metrics, in the order of the page `/metrics`.
enum Metrics {
    static func text(of state: ControllerState) -> String { text(of: MetricsInput(state)) }

    static func text(of input: MetricsInput) -> String {
        (source + secrets(input.values.secrets) + nginx).map { $0.text(input) }.joined()
    }

    /// What this replica has read, and what it makes of it.
    private static let source = [
        Metric("ready", .gauge, "1 when this replica can serve traffic.") { $0.isReady ? 1 : 0 },
        Metric("source_synced", .gauge, "1 when the source has been read.") { $0.isSynced ? 1 : 0 },
        Metric("leader", .gauge, "1 when this replica writes Events and status.") { $0.isLeader ? 1 : 0 },
        Metric("nginx_up", .gauge, "1 while nginx's master process runs.") { $0.isNginxRunning ? 1 : 0 },
        Metric("nginx_restarts_total", .counter, "Unexpected ends of nginx.") { Double($0.nginxRestarts) },
        Metric("generation", .gauge, "The generation nginx serves.") { Double($0.values.generation ?? 0) },
        Metric("hosts", .gauge, "Hosts in the routing table.") { Double($0.values.table.hosts.count) },
        Metric("rejections", .gauge, "Rejected parts of Ingresses, by reason.", label: "reason") {
            counts(
                EventReason.allCases.filter(\.isRejection).map(\.rawValue), $0.values.rejections.map(\.reason.name))
        },
        Metric("quarantined", .gauge, "Ingresses that nginx rejects, held at their last good state.") {
            Double($0.values.quarantined.count)
        },
    ]

    /// One metric per kind of secret.
    private static func secrets(_ reports: SecretReports) -> [Metric] {
        reports.kinds.map { kind in
            let counts = kind.countByState
            return Metric(kind.names.metric, .gauge, "Wanted \(kind.names.plural), by state.", label: "state") { _ in
                SecretState.Name.allCases.map { ($0.rawValue, counts[$0.rawValue] ?? 0) }
            }
        }
    }

    /// What nginx serves, and the attempts to change it.
    private static let nginx = [
        Metric(
            "certificate_first_expiry_timestamp_seconds", .gauge, "When the first of the served certificates expires."
        ) { $0.values.secrets.certificates.compactMap { $0.certificate.map { Double($0.notAfter) } }.min() ?? 0 },
        Metric("reloads_total", .counter, "Attempts to change nginx, by result.", label: "result") { input in
            AuditRecord.Reload.Result.allCases.map { ($0.rawValue, input.values.reloads[$0.rawValue] ?? 0) }
        },
        Metric(
            "reload_failing", .gauge, "1 while nginx does not serve what the source says: the last attempt failed."
        ) { $0.values.failuresInARow == 0 ? 0 : 1 },
        Metric("reload_failures_in_a_row", .gauge, "Attempts since nginx last took a generation.") {
            Double($0.values.failuresInARow)
        },
        Metric("reload_seconds_total", .counter, "Time spent in nginx -t and in reloads.") { $0.values.reloadSeconds },
        Metric("last_applied_timestamp_seconds", .gauge, "When nginx last took a new generation.") {
            $0.values.lastApplied ?? 0
        },
    ]

    /// - Returns: how often each name is among the found ones, in the order of the names.
    private static func counts(_ names: [String], _ found: [String]) -> [(String, Int)] {
        let counts = Dictionary(grouping: found, by: \.self).mapValues(\.count)
        return names.map { ($0, counts[$0] ?? 0) }
    }
}
