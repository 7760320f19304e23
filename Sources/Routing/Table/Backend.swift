public import KubernetesAPI

/// The destination of requests.
public indirect enum Backend: Sendable, Hashable, Codable {
    /// A name, which nginx resolves at request time, and a port.
    case service(ObjectKey, address: DNSName, port: ServicePort)
    /// A pod from `RoutingTable.pods`, for each request; `service` if that has no entry, and 503 if the entry is empty.
    case endpoints(of: ObjectKey, address: DNSName, port: ServicePort, by: Balancing)
    /// The pod that the affinity cookie selects from `RoutingTable.pods`; `service` if that has none.
    case pods(of: ObjectKey, address: DNSName, port: ServicePort)
    /// Rejected, or the Service does not exist yet: 503, so that no other path takes the requests.
    case unavailable
    /// Divided by weight: two or more shares, each a Service or its pods.
    case split([Share], by: StickyKey?)
    /// Selected by the request header `X-BlueGreen-Backend`; `plain` without it and for other values.
    case blueGreen(plain: Backend, blue: Backend, green: Backend)

    public struct Share: Sendable, Hashable, Codable {
        /// Relative to the sum of all weights.
        public var weight: Int
        public var backend: Backend

        public init(weight: Int, backend: Backend) {
            self.weight = weight
            self.backend = backend
        }
    }
}

extension Backend {
    /// The backends with affinity to a pod: itself or those that it is made of.
    package var pods: Set<Backend> {
        switch self {
        case .service, .endpoints, .unavailable: []
        case .pods: [self]
        case .split(let shares, _): shares.reduce(into: []) { $0.formUnion($1.backend.pods) }
        case .blueGreen(let plain, let blue, let green): plain.pods.union(blue.pods).union(green.pods)
        }
    }

    /// The backends with a pod for each request: itself or those that it is made of.
    package var endpoints: Set<Backend> {
        switch self {
        case .service, .pods, .unavailable: []
        case .endpoints: [self]
        case .split(let shares, _): shares.reduce(into: []) { $0.formUnion($1.backend.endpoints) }
        case .blueGreen(let plain, let blue, let green):
            plain.endpoints.union(blue.endpoints).union(green.endpoints)
        }
    }

    /// The Service of a backend that is one, or its pods.
    var service: ObjectKey? {
        switch self {
        case .service(let service, _, _), .pods(let service, _, _), .endpoints(let service, _, _, _): service
        case .unavailable, .split, .blueGreen: nil
        }
    }
}
