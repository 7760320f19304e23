internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// `/metrics` in Prometheus' text format 0.0.4.
enum Metrics {
    static func text(of state: ControllerState) -> String {
        let values = state.current
        let rejections = Dictionary(grouping: values.rejections, by: \.reason.name).mapValues(\.count)
        var page = ""
        page.metric("ready", "gauge", "1 when this replica can serve traffic.", state.reasonNotReady == nil ? 1 : 0)
        page.metric("source_synced", "gauge", "1 when the source has been read.", state.isSynced ? 1 : 0)
        page.metric(
            "leader", "gauge", "1 when this replica writes Events and status.", state.leadership?.isHeld == true ? 1 : 0
        )
        page.metric("nginx_up", "gauge", "1 while nginx's master process runs.", state.nginxProcess == nil ? 0 : 1)
        page.metric("nginx_restarts_total", "counter", "Unexpected ends of nginx.", Double(state.nginxRestarts))
        page.metric("generation", "gauge", "The generation nginx serves.", Double(values.generation ?? 0))
        page.metric("hosts", "gauge", "Hosts in the routing table.", Double(values.table.hosts.count))
        page.metric(
            "rejections", "gauge", "What Ingresses asked for and did not get, by reason.", label: "reason",
            ["HostConflict", "InvalidRule", "ServiceNotFound"].map { ($0, Double(rejections[$0] ?? 0)) })
        page.metric(
            "quarantined", "gauge", "Ingresses that nginx refused and that are served as they last were.",
            Double(values.quarantined.count))
        for kind in values.secrets.kinds {
            let counts = kind.countByState
            page.metric(
                kind.names.metric, "gauge", "Wanted \(kind.names.plural), by state.", label: "state",
                SecretState.names.map { ($0, Double(counts[$0] ?? 0)) })
        }
        page.metric(
            "certificate_first_expiry_timestamp_seconds", "gauge", "When the first of the served certificates expires.",
            values.secrets.certificates.compactMap { $0.certificate.map { Double($0.notAfter) } }.min() ?? 0)
        page.metric(
            "reloads_total", "counter", "Attempts to change nginx, by result.", label: "result",
            ["applied", "rejected", "failed"].map { ($0, Double(values.reloads[$0] ?? 0)) })
        page.metric(
            "reload_failing", "gauge", "1 while nginx does not serve what the source says: the last attempt failed.",
            values.failuresInARow == 0 ? 0 : 1)
        page.metric(
            "reload_failures_in_a_row", "gauge", "Attempts since nginx last took a generation.",
            Double(values.failuresInARow))
        page.metric(
            "reload_seconds_total", "counter", "Time spent in nginx -t and in reloads.", values.reloadSeconds)
        page.metric(
            "last_applied_timestamp_seconds", "gauge", "When nginx last took a new generation.", values.lastApplied ?? 0
        )
        return page
    }
}

extension String {
    fileprivate mutating func metric(_ name: String, _ type: String, _ help: String, _ value: Double) {
        head(name, type, help)
        self += "vault_ingress_\(name) \(value)\n"
    }

    fileprivate mutating func metric(
        _ name: String, _ type: String, _ help: String, label: String, _ values: [(String, Double)]
    ) {
        head(name, type, help)
        for (labelValue, value) in values {
            self += "vault_ingress_\(name){\(label)=\"\(labelValue)\"} \(value)\n"
        }
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        self += "# HELP vault_ingress_\(name) \(help)\n# TYPE vault_ingress_\(name) \(type)\n"
    }
}
