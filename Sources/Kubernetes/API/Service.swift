/// core/v1 Service.
public struct Service: KubernetesObject {
    public static let kind = ObjectKind.service

    public var metadata: ObjectMeta
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    public var type: String
    public var externalName: String?
    public var ports: [Port]

    public struct Port: Sendable, Equatable {
        /// Empty where a Service with a single port leaves it out.
        public var name: String
        public var port: Int

        public init(name: String = "", port: Int) {
            self.name = name
            self.port = port
        }
    }

    public init(
        metadata: ObjectMeta, type: String = "ClusterIP", externalName: String? = nil, ports: [Port] = []
    ) {
        self.metadata = metadata
        self.type = type
        self.externalName = externalName
        self.ports = ports
    }
}
