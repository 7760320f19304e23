internal import Routing

/// The routing table as text, a line a host: what a person compares two generations by, and what tells the controller
/// after a restart what the live generation serves.
///
///     a.example.com  shop/web  http2,ssl,body-size=1048576  exact /login -> login.shop.svc.cluster.local:80, prefix / -> unavailable
enum RouteListing {
    static func text(of table: RoutingTable) -> String {
        table.hosts.map { host in
            let routes = host.routes.map { "\($0.match.listed) -> \($0.backend.listed(table.pods))" }
            let fields = [
                "\(host.host)", "\(host.owner)", host.settings.listed.joined(separator: ","),
                routes.joined(separator: ", "),
            ]
            return fields.joined(separator: "\t") + "\n"
        }.joined()
    }
}

extension ConfigurationFiles {
    static let listing = "routes.txt"

    /// The lines of the listing by host.
    public var routeLines: [String: Substring] {
        let lines = (contents[Self.listing] ?? "").split(separator: "\n")
        return Dictionary(lines.map { (String($0.prefix { $0 != "\t" }), $0) }) { first, _ in first }
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
    fileprivate func listed(_ pods: [Backend: [AddressAndPort]]) -> String {
        switch self {
        case .service(_, let address, let port): "\(address):\(port)"
        case .pods(_, let address, let port):
            "\(address):\(port) pods " + (pods[self].map { $0.map { "\($0)" }.joined(separator: "+") } ?? "unknown")
        case .unavailable: "unavailable"
        case .split(let shares, let key):
            "split " + shares.map { "\($0.backend.listed(pods))=\($0.weight)" }.joined(separator: "+")
                + (key.map { " by \($0.listed)" } ?? "")
        case .blueGreen(let plain, let blue, let green):
            "\(plain.listed(pods)) or blue \(blue.listed(pods)) or green \(green.listed(pods))"
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
