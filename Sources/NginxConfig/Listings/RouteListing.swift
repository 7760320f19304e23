internal import Routing

/// The routing table as text, for people who compare generations: one line per host, then one line for the pods of each
/// Service.
///
///     a.example.com  shop/web  http2,ssl,body-size=1048576  exact /login -> login.shop.svc.cluster.local:80, prefix / -> unavailable
///     # pods of web.shop.svc.cluster.local:80  10.0.0.1:8080+10.0.0.2:8080
enum RouteListing {
    static func text(of table: RoutingTable) -> String {
        let hosts = table.hosts.map { host in
            let routes = host.routes.map { "\($0.match.listed) -> \($0.backend.listed)" }
            let fields = [
                "\(host.host)", "\(host.owner)", host.settings.listed.joined(separator: ","),
                routes.joined(separator: ", "),
            ]
            return fields.joined(separator: "\t") + "\n"
        }
        let pods = table.pods.map { backend, pods in
            let listed = PodNames.servers(of: backend, pods)?.map(\.configurationText) ?? pods.map { "\($0)" }
            return "# pods of \(backend.address)\t\(listed.joined(separator: "+"))\n"
        }
        return (hosts + pods.sorted()).joined()
    }
}

extension PathMatch {
    fileprivate var listed: String {
        switch self {
        case .exact(let path): "exact \(path)"
        case .prefix(let path): "prefix \(path)"
        }
    }
}

extension Backend {
    fileprivate var listed: String {
        switch self {
        case .service, .endpoints: address
        case .pods: "\(address) pods"
        case .unavailable: "unavailable"
        case .split(let shares, let key):
            "split " + shares.map { "\($0.backend.listed)=\($0.weight)" }.joined(separator: "+")
                + (key.map { " by \($0.listed)" } ?? "")
        case .blueGreen(let plain, let blue, let green):
            "\(plain.listed) or blue \(blue.listed) or green \(green.listed)"
        }
    }

    /// The name and port of a Service; empty for the other backends.
    fileprivate var address: String {
        switch self {
        case .service(_, let address, let port), .pods(_, let address, let port),
            .endpoints(_, let address, let port, _):
            "\(address):\(port)"
        case .unavailable, .split, .blueGreen: ""
        }
    }
}

extension StickyKey {
    fileprivate var listed: String {
        switch self {
        case .cookie(let name): "cookie \(name.text)"
        case .header(let name): "header \(name.text)"
        case .address: "ip"
        case .affinity: "affinity"
        }
    }
}
