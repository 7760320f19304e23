internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// All that decides what nginx does for one host.
struct ServedHost: Equatable {
    var routes: VirtualHost
    var certificate: ServedCertificate?
    /// Of its backends that are pods: others write them, and nginx may refuse them.
    var pods: [Backend: [AddressAndPort]] = [:]

    var withoutPods: ServedHost { ServedHost(routes: routes, certificate: certificate) }

    static func list(_ table: RoutingTable, _ certificates: CertificateSet) -> [Host: ServedHost] {
        Dictionary(
            table.hosts.map { routes in
                let pods = routes.routes.reduce(into: [:]) { $1.backend.collect(table.pods, into: &$0) }
                return (
                    routes.host,
                    ServedHost(routes: routes, certificate: certificates.byHost[routes.host], pods: pods)
                )
            },
            uniquingKeysWith: { first, _ in first })
    }
}

/// The pods are known anew after a restart.
extension ServedHost: Codable {
    private enum CodingKeys: CodingKey {
        case routes, certificate
    }
}

extension Backend {
    fileprivate func collect(_ known: [Backend: [AddressAndPort]], into pods: inout [Backend: [AddressAndPort]]) {
        switch self {
        case .service, .unavailable: break
        case .pods: pods[self] = known[self]
        case .split(let shares, _): for share in shares { share.backend.collect(known, into: &pods) }
        case .blueGreen(let plain, let blue, let green):
            for part in [plain, blue, green] { part.collect(known, into: &pods) }
        }
    }
}
