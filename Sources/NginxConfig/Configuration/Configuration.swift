public import Routing

/// Everything that nginx serves.
///
/// The one value that is planned, rendered, tested, applied, written into its generation (`generation.json`), read at
/// startup, compared with the next one and reported. It holds digests, never the bytes of a key or an htpasswd file.
public struct Configuration: Sendable, Equatable {
    public var table: RoutingTable
    /// The certificates of the hosts in `table` with TLS, and the default certificate.
    public var certificates: CertificateSet
    /// The htpasswd files of the hosts in `table`, sorted by path.
    public var htpasswdFiles: [HtpasswdFile]
    /// nginx's message for each quarantined owner.
    public var quarantined: [OwnerRef: String]

    public init(
        table: RoutingTable = RoutingTable(), certificates: CertificateSet = CertificateSet(),
        htpasswdFiles: [HtpasswdFile] = [], quarantined: [OwnerRef: String] = [:]
    ) {
        self.table = table
        self.certificates = certificates
        self.htpasswdFiles = htpasswdFiles
        self.quarantined = quarantined
    }

    /// The certificates that are served, by host as the audit log writes it: `*` is the catch-all, `-` the default
    /// certificate.
    public var servedCertificates: [String: ServedCertificate] {
        var served: [String: ServedCertificate] = [:]
        for host in table.hosts where host.settings.tls != nil {
            served["\(host.host)"] = certificates.byHost[host.host]
        }
        served[CertificateSet.fallbackName] = certificates.fallback
        return served
    }
}

/// Everything that decides what nginx does for one host.
public struct HostConfiguration: Sendable, Equatable {
    public var virtualHost: VirtualHost
    public var certificate: ServedCertificate?
    /// The addresses of its backends that are pods. They come from other objects, and nginx may reject them.
    public var pods: [Backend: [AddressAndPort]]

    public init(virtualHost: VirtualHost, certificate: ServedCertificate?, pods: [Backend: [AddressAndPort]] = [:]) {
        self.virtualHost = virtualHost
        self.certificate = certificate
        self.pods = pods
    }
}

extension Configuration {
    /// The configuration of each host.
    public var byHost: [Host: HostConfiguration] {
        Dictionary(
            table.hosts.map { host in
                (
                    host.host,
                    HostConfiguration(
                        virtualHost: host, certificate: certificates.byHost[host.host], pods: table.pods(of: host))
                )
            },
            uniquingKeysWith: { first, _ in first })
    }
}

extension RoutingTable {
    /// The known addresses of the host's backends that are pods.
    func pods(of host: VirtualHost) -> [Backend: [AddressAndPort]] {
        guard !pods.isEmpty else { return [:] }
        return host.routes.reduce(into: [:]) { found, route in
            switch route.backend {
            case .service, .endpoints, .unavailable: break
            case .pods, .split, .blueGreen: for backend in route.backend.pods { found[backend] = pods[backend] }
            }
        }
    }
}
