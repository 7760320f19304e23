/// discovery.k8s.io/v1 EndpointSlice: some of the pods of a Service, and the ports on which they listen.
public struct EndpointSlice: KubernetesObject {
    public static let kind = ObjectKind.endpointSlice
    /// The name of the label that names the Service.
    public static let serviceLabel = "kubernetes.io/service-name"

    /// Without annotations, because one of them is the time of the last change; of the labels, only `serviceLabel`.
    public var metadata: ObjectMeta
    /// `IPv4`, `IPv6` or `FQDN`.
    public var addressType: String
    public var ports: [Port]
    public var endpoints: [Endpoint]

    public init(metadata: ObjectMeta, addressType: String, ports: [Port] = [], endpoints: [Endpoint] = []) {
        self.metadata = metadata
        self.addressType = addressType
        self.ports = ports
        self.endpoints = endpoints
    }

    /// The Service of the slice; nil if it has none.
    public var service: ObjectKey? {
        metadata.labels[Self.serviceLabel].map { ObjectKey(namespace: metadata.namespace, name: $0) }
    }

    public struct Port: Sendable, Equatable {
        /// The name of the Service's port; may be empty if the Service has a single port.
        public var name: String
        /// The port on which the pods listen (the resolved `targetPort` of the Service); nil means all ports.
        public var port: Int?
        public var `protocol`: String

        public init(name: String = "", port: Int?, protocol: String = "TCP") {
            self.name = name
            self.port = port
            self.protocol = `protocol`
        }
    }

    public struct Endpoint: Sendable, Equatable {
        /// Addresses of one pod, not validated.
        public var addresses: [String]
        public var isReady: Bool
        /// Answers requests; may be terminating.
        public var isServing: Bool
        public var isTerminating: Bool

        public init(addresses: [String], isReady: Bool = true, isServing: Bool? = nil, isTerminating: Bool = false) {
            self.addresses = addresses
            self.isReady = isReady
            self.isServing = isServing ?? isReady
            self.isTerminating = isTerminating
        }
    }
}
