public import Kubernetes

/// Where a request goes.
public indirect enum Backend: Sendable, Hashable {
    /// A name to be resolved at request time, and a port.
    case service(ObjectKey, address: DNSName, port: ServicePort)
    /// The pods of a Service, of which the affinity cookie chooses one; one or more, sorted. Name and port are those of
    /// the Service.
    case pods(of: ObjectKey, address: DNSName, port: ServicePort, [AddressAndPort])
    /// Refused, or its Service does not exist yet: 503, so that no other path takes its requests meanwhile.
    case unavailable
    /// Divided by weight; two or more, each a Service or its pods.
    case split([Share], by: StickyKey?)
    /// Chosen by the request header `X-BlueGreen-Backend`; without it, or with any other value, `plain`.
    case blueGreen(plain: Backend, blue: Backend, green: Backend)

    public struct Share: Sendable, Hashable {
        /// Of the sum of all weights.
        public var weight: Int
        public var backend: Backend

        public init(weight: Int, backend: Backend) {
            self.weight = weight
            self.backend = backend
        }
    }
}
