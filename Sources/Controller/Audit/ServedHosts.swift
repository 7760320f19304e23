internal import Audit
internal import NginxConfig
internal import Routing

/// What nginx serves, as far as the audit log tells of it.
public struct ServedHosts: Sendable, Equatable {
    struct Facts: Sendable, Equatable {
        /// Ingresses are written `namespace/name`.
        var owner: String
        /// Sorted; nil when it is not known yet.
        var claimants: [String]?
        var certificate: AuditRecord.CertificateEntry?
    }

    var generation: Int?
    /// By host as the log writes it: `*` is the catch-all.
    var hosts: [String: Facts] = [:]

    public init() {}

    /// - Parameter claimants: by host; nil when they are not known yet.
    init(generation: Int?, files: ConfigurationFiles?, claimants: [String: [String]]?) {
        self.generation = generation
        let certificates = files?.certificateLines ?? [:]
        for (host, line) in files?.routeLines ?? [:] {
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count > 1 else { continue }
            hosts[host] = Facts(
                owner: String(fields[1]), claimants: claimants.map { $0[host] ?? [] },
                certificate: certificates[host].map { AuditRecord.CertificateEntry(host: host, $0) })
        }
    }

    /// The Ingresses that claim a host without owning it.
    static func claimants(_ rejections: [Rejection]) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for rejection in rejections {
            guard case .hostConflict = rejection.reason else { continue }
            found[rejection.value.isEmpty ? "\(Host.catchAll)" : rejection.value, default: []]
                .append("\(rejection.source)")
        }
        return found.mapValues { $0.sorted() }
    }

    /// All of it, sorted by host.
    func records(scope: AuditRecord.Hosts.Scope) -> [AuditRecord] {
        let entries = hosts.keys.sorted().map { entry($0, cause: nil) }
        return AuditRecord.Hosts.lines(generation: generation, scope: scope, entries)
    }

    func entry(_ host: String, cause: AuditRecord.CauseEntry?) -> AuditRecord.HostEntry {
        let facts = hosts[host]
        return AuditRecord.HostEntry(
            host: host, owner: facts?.owner, claimants: facts?.claimants, certificate: facts?.certificate,
            cause: cause)
    }
}

extension AuditRecord.CertificateEntry {
    init(host: String, _ certificate: ServedCertificate) {
        self.init(
            host: host, sha256: certificate.address.text, notAfter: certificate.expiry, source: "\(certificate.source)",
            version: certificate.version)
    }
}
