internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// The page `/status`: hosts with their owners, rejections, quarantine, certificates and htpasswd files.
enum StatusPage {
    private struct Page: Encodable {
        var ready: Bool
        var reasonNotReady: String?
        var synced: Bool
        var generation: Int?
        var leader: Leader?
        var nginx: Process
        var hosts: [HostEntry]
        var rejections: [RejectionEntry]
        /// Of the last hour, as long as the new owner has the host.
        var takeovers: [TakeoverEntry]
        /// Absent without `--host-policy`.
        var hostPolicy: PolicyEntry?
        var budgets: Budgets
        var quarantined: [QuarantineEntry]
        /// What is served although its source no longer has it.
        var disappearances: [DisappearanceEntry]
        var lastError: String?
        /// The longest time until a new version of a secret is served.
        var secretRefreshSeconds: Double
    }

    /// The page, with one list for each kind of secret beside its own keys.
    private struct PageWithSecrets: Encodable {
        var page: Page
        var secrets: SecretReports

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        func encode(to encoder: any Encoder) throws {
            try page.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            for kind in secrets.kinds {
                var list = container.nestedUnkeyedContainer(forKey: Key(stringValue: kind.names.statusKey))
                for entry in kind.statusEntries { try list.encode(entry) }
            }
        }
    }

    /// The replica that writes Events and status.
    private struct Leader: Encodable {
        var isSelf: Bool
        var holder: String?
        /// The name of this replica in the Lease.
        var identity: String

        init(_ leadership: Leadership) {
            isSelf = leadership.isHeld
            holder = leadership.holder
            identity = leadership.identity
        }
    }

    private struct Process: Encodable {
        var pid: Int32?
        var restarts: Int
    }

    private struct DisappearanceEntry: Encodable {
        var kind: String
        /// The name of the IngressClass.
        var name: String?
        var objects: Int
        /// RFC 3339.
        var removedAt: String

        init(_ disappearance: Disappearance) {
            kind = disappearance.kind.rawValue
            name = disappearance.name
            objects = disappearance.objects
            let left = ContinuousClock.now.duration(to: disappearance.until) / .seconds(1)
            removedAt = Date(timeIntervalSinceNow: left).formatted(.iso8601)
        }
    }

    private struct QuarantineEntry: Encodable {
        var ingress: String
        var error: String
    }

    private struct HostEntry: Encodable {
        var host: String
        var owner: String
        /// The annotation of another controller for which the host answers 503.
        var closedBy: String?
    }

    private struct TakeoverEntry: Encodable {
        var host: String
        var from: String
        var to: String
        var time: String

        init(_ recorded: RecordedTakeover) {
            host = "\(recorded.takeover.host)"
            from = "\(recorded.takeover.from)"
            to = "\(recorded.takeover.to)"
            time = Date(timeIntervalSince1970: recorded.time).formatted(.iso8601)
        }
    }

    private struct PolicyEntry: Encodable {
        var file: String
        /// The default of the policy that applies.
        var defaultRule: String
        /// The number of its domains.
        var domains: Int
        /// Why the file is rejected; absent while it is valid.
        var problem: String?

        private enum CodingKeys: String, CodingKey {
            case file
            case defaultRule = "default"
            case domains, problem
        }

        init(_ state: HostPolicyState) {
            file = state.file
            defaultRule = state.policy.defaultRule.rawValue
            domains = state.policy.rules.count
            problem = state.problem
        }
    }

    private struct RejectionEntry: Encodable {
        var ingress: String
        var reason: String
        var field: String
        var value: String
        var explanation: String
        /// The owner of the host in conflict.
        var owner: String?

        init(_ rejection: Rejection) {
            ingress = "\(rejection.source)"
            reason = rejection.reason.name
            field = rejection.field
            value = rejection.value
            explanation = rejection.explanation
            if case .hostConflict(let owner) = rejection.reason { self.owner = "\(owner)" }
        }
    }

    static func json(of state: ControllerState) throws -> String {
        let values = state.current
        let reason = state.reasonNotReady
        let page = Page(
            ready: reason == nil, reasonNotReady: reason, synced: state.isSynced, generation: values.generation,
            leader: state.leadership.map(Leader.init),
            nginx: Process(pid: state.nginxProcess, restarts: state.nginxRestarts),
            hosts: values.table.hosts.map {
                HostEntry(host: "\($0.host)", owner: "\($0.owner)", closedBy: $0.settings.closedBy)
            },
            rejections: values.rejections.map(RejectionEntry.init),
            takeovers: values.takeovers.map(TakeoverEntry.init), hostPolicy: values.hostPolicy.map(PolicyEntry.init),
            budgets: Budgets(values.budgets, warning: state.memoryWarning),
            quarantined: values.quarantined.sorted { $0.key < $1.key }.map {
                QuarantineEntry(ingress: "\($0.key)", error: $0.value)
            },
            disappearances: values.disappearances.map(DisappearanceEntry.init), lastError: values.lastError,
            secretRefreshSeconds: values.secrets.refreshInterval / .seconds(1))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(PageWithSecrets(page: page, secrets: values.secrets)), as: UTF8.self)
            + "\n"
    }
}
