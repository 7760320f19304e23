import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("Metrics")
struct MetricsTests {
    @Test("every metric is on the page with its help, its type and its value")
    func page() throws {
        var input = MetricsInput()
        input.isReady = true
        input.listAges = [("Ingress", 61.5), ("Service", 2)]
        input.eventAges = [("Ingress", 1.5)]
        input.lastPassAge = 0.25
        input.isSynced = true
        input.isNginxRunning = true
        input.nginxRestarts = 2
        input.values.generation = 41
        let owner = OwnerRef(kind: .ingress, namespace: "shop", name: "web")
        input.values.disappearances = [
            Disappearance(kind: .ingressClass, name: "a", objects: 1, until: .now),
            Disappearance(kind: .service, name: nil, objects: 40, until: .now),
        ]
        let reasons: [Rejection.Reason] = [.invalidRule, .serviceNotFound, .invalidRule]
        input.values.rejections = reasons.map {
            Rejection(source: owner, field: "", value: "", reason: $0, explanation: "")
        }
        let use = BudgetReport.Use(used: BudgetAmounts(hosts: 2), found: BudgetAmounts(hosts: 3))
        input.values.budgets = BudgetReport(
            limits: BudgetLimits(
                total: BudgetAmounts(hosts: 10, paths: 20, pods: 30, configurationSize: 40),
                namespace: BudgetAmounts(hosts: 1, paths: 2, pods: 3, configurationSize: 4)))
        input.values.budgets.total = use
        input.values.budgets.namespaces = ["shop": use]
        input.values.budgets.rejectedIngresses = 1
        input.values.quarantined = [owner: "[emerg]"]
        let certificates = try [300, 200].map { notAfter in
            let certificate = ServedCertificate(
                address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 0, notAfter: notAfter,
                source: .vault("a"), version: KVVersion(number: 1, created: "t"))
            return CertificateReport(
                request: CertificateRequest(subject: .unknownNames, owner: nil, candidates: []),
                state: notAfter == 300 ? .ready : .stale(since: .now, .noVault), stored: certificate)
        }
        input.values.secrets = SecretReports([
            KindReports<CertificateKind>(reports: certificates), KindReports<HtpasswdKind>(reports: []),
        ])
        var closed = HostSettings()
        closed.closedBy = "nginx.org/policies"
        input.values.table = RoutingTable(
            hosts: [VirtualHost(host: try Host("a.example.com"), owner: owner, routes: [], settings: closed)])
        input.values.hostTakeovers = 4
        input.values.hostPolicy = HostPolicyState(file: "f", policy: HostPolicy(default: .deny), problem: "f:1:1: x")
        input.values.reloads = ["applied": 3, "failed": 1]
        input.values.failuresInARow = 1
        input.values.reloadSeconds = 0.25
        input.values.lastApplied = 1_700_000_000.5
        let states = SecretState.Name.allCases.map(\.rawValue)
        #expect(states.count == 4)

        #expect(
            Metrics.text(of: input) == """
                # HELP vault_ingress_ready 1 while this replica is ready for traffic (/readyz).
                # TYPE vault_ingress_ready gauge
                vault_ingress_ready 1.0
                # HELP vault_ingress_source_synced 1 when all objects have been read from the API server or the manifest folder.
                # TYPE vault_ingress_source_synced gauge
                vault_ingress_source_synced 1.0
                # HELP vault_ingress_leader 1 while this replica is the leader, which writes Events and status.
                # TYPE vault_ingress_leader gauge
                vault_ingress_leader 0.0
                # HELP vault_ingress_nginx_up 1 while nginx's master process runs.
                # TYPE vault_ingress_nginx_up gauge
                vault_ingress_nginx_up 1.0
                # HELP vault_ingress_nginx_restarts_total Unexpected exits of nginx's master process.
                # TYPE vault_ingress_nginx_restarts_total counter
                vault_ingress_nginx_restarts_total 2.0
                # HELP vault_ingress_generation The generation that nginx serves.
                # TYPE vault_ingress_generation gauge
                vault_ingress_generation 41.0
                # HELP vault_ingress_hosts Hosts in the routing table, including those of quarantined Ingresses.
                # TYPE vault_ingress_hosts gauge
                vault_ingress_hosts 1.0
                # HELP vault_ingress_rejections Rejected fields, labels and annotations of Ingresses, by reason.
                # TYPE vault_ingress_rejections gauge
                vault_ingress_rejections{reason="HostClosed"} 0.0
                vault_ingress_rejections{reason="HostNotAllowed"} 0.0
                vault_ingress_rejections{reason="HostConflict"} 0.0
                vault_ingress_rejections{reason="InvalidRule"} 2.0
                vault_ingress_rejections{reason="ServiceNotFound"} 1.0
                vault_ingress_rejections{reason="QuotaExceeded"} 0.0
                # HELP vault_ingress_closed_hosts Hosts that another controller's annotation protects and that answer 503.
                # TYPE vault_ingress_closed_hosts gauge
                vault_ingress_closed_hosts 1.0
                # HELP vault_ingress_host_takeovers_total Hosts that moved from one Ingress to another.
                # TYPE vault_ingress_host_takeovers_total counter
                vault_ingress_host_takeovers_total 4.0
                # HELP vault_ingress_host_policy_rejected 1 while the file of --host-policy is rejected and the last valid policy applies.
                # TYPE vault_ingress_host_policy_rejected gauge
                vault_ingress_host_policy_rejected 1.0
                # HELP vault_ingress_disappeared_objects Objects that are served until the grace period is over although their source no longer has them.
                # TYPE vault_ingress_disappeared_objects gauge
                vault_ingress_disappeared_objects{kind="Ingress"} 0.0
                vault_ingress_disappeared_objects{kind="IngressClass"} 1.0
                vault_ingress_disappeared_objects{kind="Service"} 40.0
                vault_ingress_disappeared_objects{kind="EndpointSlice"} 0.0
                # HELP vault_ingress_quarantined Ingresses that nginx rejects and that are served in their last good state.
                # TYPE vault_ingress_quarantined gauge
                vault_ingress_quarantined 1.0
                # HELP vault_ingress_budget_limit The limit of a budget for all namespaces together.
                # TYPE vault_ingress_budget_limit gauge
                vault_ingress_budget_limit{budget="hosts"} 10.0
                vault_ingress_budget_limit{budget="paths"} 20.0
                vault_ingress_budget_limit{budget="pods"} 30.0
                vault_ingress_budget_limit{budget="configuration_size"} 40.0
                # HELP vault_ingress_budget_used What is served of a budget, in all namespaces together.
                # TYPE vault_ingress_budget_used gauge
                vault_ingress_budget_used{budget="hosts"} 2.0
                vault_ingress_budget_used{budget="paths"} 0.0
                vault_ingress_budget_used{budget="pods"} 0.0
                vault_ingress_budget_used{budget="configuration_size"} 0.0
                # HELP vault_ingress_budget_found What the Ingresses of all namespaces need of a budget.
                # TYPE vault_ingress_budget_found gauge
                vault_ingress_budget_found{budget="hosts"} 3.0
                vault_ingress_budget_found{budget="paths"} 0.0
                vault_ingress_budget_found{budget="pods"} 0.0
                vault_ingress_budget_found{budget="configuration_size"} 0.0
                # HELP vault_ingress_budget_namespace_limit The limit of a budget for each namespace.
                # TYPE vault_ingress_budget_namespace_limit gauge
                vault_ingress_budget_namespace_limit{budget="hosts"} 1.0
                vault_ingress_budget_namespace_limit{budget="paths"} 2.0
                vault_ingress_budget_namespace_limit{budget="pods"} 3.0
                vault_ingress_budget_namespace_limit{budget="configuration_size"} 4.0
                # HELP vault_ingress_budget_namespace_used \
                What is served of a budget, in each of the 20 namespaces that need most.
                # TYPE vault_ingress_budget_namespace_used gauge
                vault_ingress_budget_namespace_used{namespace="shop",budget="hosts"} 2.0
                vault_ingress_budget_namespace_used{namespace="shop",budget="paths"} 0.0
                vault_ingress_budget_namespace_used{namespace="shop",budget="pods"} 0.0
                vault_ingress_budget_namespace_used{namespace="shop",budget="configuration_size"} 0.0
                # HELP vault_ingress_budget_rejected_ingresses Ingresses that are not served because they exceed a budget.
                # TYPE vault_ingress_budget_rejected_ingresses gauge
                vault_ingress_budget_rejected_ingresses 1.0
                # HELP vault_ingress_certificates Number of certificates, by state.
                # TYPE vault_ingress_certificates gauge
                vault_ingress_certificates{state="\(states[0])"} 0.0
                vault_ingress_certificates{state="\(states[1])"} 1.0
                vault_ingress_certificates{state="\(states[2])"} 0.0
                vault_ingress_certificates{state="\(states[3])"} 1.0
                # HELP vault_ingress_htpasswd_files Number of htpasswd files, by state.
                # TYPE vault_ingress_htpasswd_files gauge
                vault_ingress_htpasswd_files{state="\(states[0])"} 0.0
                vault_ingress_htpasswd_files{state="\(states[1])"} 0.0
                vault_ingress_htpasswd_files{state="\(states[2])"} 0.0
                vault_ingress_htpasswd_files{state="\(states[3])"} 0.0
                # HELP vault_ingress_certificate_first_expiry_timestamp_seconds \
                The earliest expiry of the served certificates, in seconds since 1970.
                # TYPE vault_ingress_certificate_first_expiry_timestamp_seconds gauge
                vault_ingress_certificate_first_expiry_timestamp_seconds 200.0
                # HELP vault_ingress_reloads_total Attempts to apply a configuration, by result.
                # TYPE vault_ingress_reloads_total counter
                vault_ingress_reloads_total{result="applied"} 3.0
                vault_ingress_reloads_total{result="rejected"} 0.0
                vault_ingress_reloads_total{result="failed"} 1.0
                # HELP vault_ingress_reload_failing \
                1 while nginx does not serve the state of the cluster because the last attempt failed.
                # TYPE vault_ingress_reload_failing gauge
                vault_ingress_reload_failing 1.0
                # HELP vault_ingress_reload_failures_in_a_row Consecutive failed attempts to apply the configuration.
                # TYPE vault_ingress_reload_failures_in_a_row gauge
                vault_ingress_reload_failures_in_a_row 1.0
                # HELP vault_ingress_reload_seconds_total Total time of nginx -t and reloads, in seconds.
                # TYPE vault_ingress_reload_seconds_total counter
                vault_ingress_reload_seconds_total 0.25
                # HELP vault_ingress_last_applied_timestamp_seconds The time of the last applied generation, in seconds since 1970.
                # TYPE vault_ingress_last_applied_timestamp_seconds gauge
                vault_ingress_last_applied_timestamp_seconds 1700000000.5

                """)
        #expect(
            Metrics.ages(of: input) == """
                # HELP vault_ingress_source_list_age_seconds Time since the last complete list of a kind of object, or the last read of the manifest folder.
                # TYPE vault_ingress_source_list_age_seconds gauge
                vault_ingress_source_list_age_seconds{kind="Ingress"} 61.5
                vault_ingress_source_list_age_seconds{kind="Service"} 2.0
                # HELP vault_ingress_source_event_age_seconds Time since the last watch event of a kind of object, including bookmarks.
                # TYPE vault_ingress_source_event_age_seconds gauge
                vault_ingress_source_event_age_seconds{kind="Ingress"} 1.5
                # HELP vault_ingress_last_pass_age_seconds Time since the last pass of the loop.
                # TYPE vault_ingress_last_pass_age_seconds gauge
                vault_ingress_last_pass_age_seconds 0.25

                """)
    }
}
