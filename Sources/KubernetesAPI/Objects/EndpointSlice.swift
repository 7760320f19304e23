/// discovery.k8s.io/v1 EndpointSlice: some of the pods of a Service, with the ports they listen on.
public struct EndpointSlice: KubernetesObject {
    public static let kind = ObjectKind.endpointSlice
    /// Of the label that names the Service.
    public static let serviceLabel = "kubernetes.io/service-name"

    /// Of labels, only that of the Service; of annotations none: one of them is the time of the last change.
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

    /// Nil for a slice that belongs to no Service.
    public var service: ObjectKey? {
        metadata.labels[Self.serviceLabel].map { ObjectKey(namespace: metadata.namespace, name: $0) }
    }

    public struct Port: Sendable, Equatable {
        /// That of the Service's port; empty where a Service with a single port leaves it out.
        public var name: String
        /// Where the pods listen: the Service's `targetPort`, resolved. Nil stands for all ports.
        public var port: Int?
        public var `protocol`: String

        public init(name: String = "", port: Int?, protocol: String = "TCP") {
            self.name = name
            self.port = port
            self.protocol = `protocol`
        }
    }

    public struct Endpoint: Sendable, Equatable {
        /// All of the same pod; as written.
        public var addresses: [String]
        public var isReady: Bool
        /// Answers, though it may be about to end.
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
