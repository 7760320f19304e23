import Foundation
import KubernetesAPI
import Routing

/// An Ingress of namespace `shop`, created at second `age` of the epoch: smaller is older.
func ingress(
    _ name: String, created age: Double = 0, namespace: String = "shop", className: String? = nil,
    labels: [String: String] = [:], annotations: [String: String] = [:], defaultBackend: Ingress.Backend? = nil,
    _ rules: [Ingress.Rule] = []
) -> Ingress {
    Ingress(
        metadata: ObjectMeta(
            name: name, namespace: namespace, creationTimestamp: Date(timeIntervalSince1970: age),
            labels: labels, annotations: annotations),
        spec: Ingress.Spec(ingressClassName: className, defaultBackend: defaultBackend, rules: rules))
}

/// The default path is `/`.
func rule(_ host: String, _ paths: Ingress.Path...) -> Ingress.Rule {
    Ingress.Rule(host: host, paths: paths.isEmpty ? [path("/")] : paths)
}

func path(
    _ path: String?, _ type: String? = "Prefix", to service: String = "web", port: Ingress.Backend.Port = .number(80)
) -> Ingress.Path {
    Ingress.Path(path: path, pathType: type, backend: .service(name: service, port: port))
}

func service(
    _ name: String, namespace: String = "shop", type: String = "ClusterIP", externalName: String? = nil,
    isHeadless: Bool = false, ports: [Service.Port] = [.init(name: "http", port: 80)]
) -> Service {
    Service(
        metadata: ObjectMeta(name: name, namespace: namespace), type: type, externalName: externalName,
        isHeadless: isHeadless, ports: ports)
}

func route(
    _ ingresses: [Ingress], services: [Service] = [service("web")], classes: [IngressClass] = [],
    endpointSlices: [EndpointSlice] = [], requireIngressClass: Bool = false, upstreams: UpstreamForm = .dns,
    options: RoutingOptions? = nil
) throws -> Router.Result {
    let standard = RoutingOptions(
        ingressClass: "vault-ingress", requireIngressClass: requireIngressClass,
        clusterDomain: try DNSName("cluster.local"),
        vaultPathPrefix: try VaultPathPrefix("secret/certificates/{namespace}"), upstreams: upstreams,
        budgets: .unlimited)
    return Router(options: options ?? standard)
        .route(
            Snapshot(ingresses: ingresses, ingressClasses: classes, services: services, endpointSlices: endpointSlices))
}

extension BudgetLimits {
    /// For tests of other rules.
    static let unlimited: BudgetLimits = {
        let amounts = BudgetAmounts(hosts: .max, paths: .max, pods: .max, configurationSize: .max)
        return BudgetLimits(total: amounts, namespace: amounts)
    }()
}

extension Router.Result {
    /// `host → owner` of every host.
    var owners: [String: String] {
        Dictionary(uniqueKeysWithValues: table.hosts.map { ("\($0.host)", "\($0.owner)") })
    }

    /// The backend of a request: `address:port`, `unavailable`, or nil for 404.
    func answer(_ host: String, _ path: String) throws -> String? {
        let wanted = try Host(host)
        guard let host = table.hosts.first(where: { $0.host == wanted }) else { return nil }
        return RouteIndex(host.routes).route(for: try RequestPath(path))?.backend.written(table.pods)
    }
}

extension Backend {
    /// `address:port`, or what selects one.
    fileprivate func written(_ pods: [Backend: [AddressAndPort]]) -> String {
        switch self {
        case .service(_, let address, let port): "\(address):\(port)"
        case .pods(_, let address, let port):
            (["\(address):\(port) pods"] + (pods[self] ?? []).map { "\($0)" }).joined(separator: " ")
        case .endpoints(_, let address, let port, _):
            pods[self].map { "endpoints of \(address):\(port): " + $0.map { "\($0)" }.joined(separator: " ") }
                ?? "\(address):\(port)"
        case .unavailable: "unavailable"
        case .split(let shares, _): shares.map { "\($0.weight) \($0.backend.written(pods))" }.joined(separator: ", ")
        case .blueGreen(let plain, let blue, let green):
            "\(plain.written(pods)) | \(blue.written(pods)) | \(green.written(pods))"
        }
    }
}
