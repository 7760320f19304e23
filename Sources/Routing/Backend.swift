public import KubernetesAPI

/// Where a request goes.
public indirect enum Backend: Sendable, Hashable, Codable {
    /// A name to be resolved at request time, and a port.
    case service(ObjectKey, address: DNSName, port: ServicePort)
    /// The pod of a Service that the affinity cookie chooses among those that `RoutingTable.pods` has of it; where it
    /// has none, as `service`.
    case pods(of: ObjectKey, address: DNSName, port: ServicePort)
    /// Refused, or its Service does not exist yet: 503, so that no other path takes its requests meanwhile.
    case unavailable
    /// Divided by weight; two or more, each a Service or its pods.
    case split([Share], by: StickyKey?)
    /// Chosen by the request header `X-BlueGreen-Backend`; without it, or with any other value, `plain`.
    case blueGreen(plain: Backend, blue: Backend, green: Backend)

    public struct Share: Sendable, Hashable, Codable {
        /// Of the sum of all weights.
        public var weight: Int
        public var backend: Backend

        public init(weight: Int, backend: Backend) {
            self.weight = weight
            self.backend = backend
        }
    }
}
