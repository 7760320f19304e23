internal import Routing

extension VirtualHost {
    /// Replaces the pods of each Service by its name.
    mutating func nameBackends() {
        for index in routes.indices { routes[index].backend = routes[index].backend.named }
    }
}

extension Backend {
    fileprivate var named: Backend {
        switch self {
        case .service, .unavailable: self
        case .pods(let service, let address, let port), .endpoints(let service, let address, let port, _):
            .service(service, address: address, port: port)
        case .split(let shares, let key):
            .split(shares.map { Share(weight: $0.weight, backend: $0.backend.named) }, by: key)
        case .blueGreen(let plain, let blue, let green):
            .blueGreen(plain: plain.named, blue: blue.named, green: green.named)
        }
    }
}
