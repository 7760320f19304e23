internal import Audit
internal import Basics
internal import NginxConfig
internal import Routing

/// The state after the last line of the audit log.
public struct AuditedState: Sendable, Equatable {
    /// Nil if nginx serves nothing.
    var generation: Int?
    var configuration = Configuration()
    /// The objects that claim a host without owning it, sorted, by host; nil until they are known.
    var claimants: Claimants?

    typealias Claimants = [String: [String]]

    public init() {}

    init(generation: Int?, configuration: Configuration?, claimants: Claimants?) {
        self.generation = generation
        self.configuration = configuration ?? Configuration()
        self.claimants = claimants
    }

    /// The owner of each host, as the audit log writes both.
    var owners: [String: String] {
        Dictionary(configuration.table.hosts.map { ("\($0.host)", "\($0.owner)") }) { first, _ in first }
    }

    /// Lines with everything that is served, sorted by host.
    func records(scope: AuditRecord.Hosts.Scope) -> [AuditRecord] {
        let (owners, certificates) = (owners, configuration.servedCertificates)
        let entries = owners.keys.sorted().map { entry($0, owners, certificates, cause: nil) }
        return AuditRecord.Hosts.lines(generation: generation, scope: scope, entries)
    }

    /// - Parameters:
    ///   - owners: of all hosts, looked up once for many entries.
    ///   - certificates: of all hosts.
    func entry(
        _ host: String, _ owners: [String: String], _ certificates: [String: ServedCertificate],
        cause: AuditRecord.CauseEntry?
    ) -> AuditRecord.HostEntry {
        let isServed = owners[host] != nil
        return AuditRecord.HostEntry(
            host: host, owner: owners[host], claimants: isServed ? claimants.map { $0[host] ?? [] } : nil,
            certificate: isServed ? certificates[host].map { AuditRecord.CertificateEntry(host: host, $0) } : nil,
            cause: cause)
    }
}

extension AuditedState.Claimants {
    /// The claims of the rejections.
    init(_ rejections: [Rejection]) {
        self = [:]
        for rejection in rejections {
            guard case .hostConflict = rejection.reason else { continue }
            self[rejection.value.isEmpty ? "\(Host.catchAll)" : rejection.value, default: []]
                .append("\(rejection.source)")
        }
        self = mapValues { $0.sorted() }
    }
}

extension AuditRecord.CertificateEntry {
    /// One for each algorithm.
    static func list(host: String, _ certificate: ServedCertificate) -> [Self] {
        certificate.addresses.map { Self(host: host, certificate, $0) }
    }

    /// - Parameter address: nil for the first one.
    init(host: String, _ certificate: ServedCertificate, _ address: ContentAddress? = nil) {
        self.init(
            host: host, sha256: (address ?? certificate.address).text, notAfter: certificate.expiry,
            source: "\(certificate.source)",
            version: certificate.version?.number)
    }
}
