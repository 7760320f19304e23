internal import NginxConfig
internal import Routing

/// All that decides what nginx does for one host.
struct ServedHost: Equatable, Codable {
    var routes: HostRoutes
    var certificate: ServedCertificate?

    static func list(_ table: RoutingTable, _ certificates: CertificateSet) -> [Host: ServedHost] {
        Dictionary(
            table.hosts.map { ($0.host, ServedHost(routes: $0, certificate: certificates.byHost[$0.host])) },
            uniquingKeysWith: { first, _ in first })
    }
}
