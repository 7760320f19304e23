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
        var quarantined: [QuarantineEntry]
        var certificates: [CertificateEntry]
        var htpasswdFiles: [HtpasswdEntry]
        var lastError: String?
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

    private struct QuarantineEntry: Encodable {
        var ingress: String
        var error: String
    }

    private struct HostEntry: Encodable {
        var host: String
        var owner: String
    }

    private struct CertificateEntry: Encodable {
        var host: String
        var ingress: String?
        var state: String
        var reason: String?
        var since: String?
        var source: String?
        var version: Int?
        var notAfter: String?
        var sha256: String?

        init(_ report: CertificateReport) {
            host = "\(report.subject)"
            ingress = report.owner.map { "\($0)" }
            state = report.state.name
            reason = report.state.problem?.text
            if case .stale(let since, _) = report.state { self.since = since.formatted(.iso8601) }
            source = report.certificate?.source
            version = report.certificate?.version
            notAfter = report.certificate?.expiry
            sha256 = report.certificate?.address.text
        }
    }

    private struct HtpasswdEntry: Encodable {
        var path: String
        var state: String
        var reason: String?
        var since: String?
        var version: Int?

        init(_ report: HtpasswdReport) {
            path = report.request.subject.text
            state = report.state.name
            reason = report.state.problem?.text
            if case .stale(let since, _) = report.state { self.since = since.formatted(.iso8601) }
            version = report.kept?.version
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
            hosts: values.table.hosts.map { HostEntry(host: "\($0.host)", owner: "\($0.owner)") },
            rejections: values.rejections.map(RejectionEntry.init),
            quarantined: values.quarantined.sorted { $0.key < $1.key }.map {
                QuarantineEntry(ingress: "\($0.key)", error: $0.value)
            },
            certificates: values.certificates.map(CertificateEntry.init),
            htpasswdFiles: values.htpasswdFiles.map(HtpasswdEntry.init), lastError: values.lastError)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(page), as: UTF8.self) + "\n"
    }
}
