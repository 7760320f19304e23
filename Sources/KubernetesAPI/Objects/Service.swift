/// core/v1 Service.
public struct Service: KubernetesObject {
    public static let kind = ObjectKind.service

    public var metadata: ObjectMeta
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    public var type: String
    public var externalName: String?
    /// Whether it has no ClusterIP: its name in DNS gives the addresses of its pods, whose ports nobody translates.
    public var isHeadless: Bool
    public var ports: [Port]

    public struct Port: Sendable, Equatable {
        /// Empty where a Service with a single port leaves it out.
        public var name: String
        public var port: Int
        /// `TCP`, `UDP` or `SCTP`.
        public var `protocol`: String
        /// Of the pods; nil where it is `port`.
        public var targetPort: TargetPort?

        public init(name: String = "", port: Int, protocol: String = "TCP", targetPort: TargetPort? = nil) {
            self.name = name
            self.port = port
            self.protocol = `protocol`
            self.targetPort = targetPort
        }
    }

    public enum TargetPort: Sendable, Equatable {
        case number(Int)
        /// As each pod calls one of its own.
        case name(String)
    }

    public init(
        metadata: ObjectMeta, type: String = "ClusterIP", externalName: String? = nil, isHeadless: Bool = false,
        ports: [Port] = []
    ) {
        self.metadata = metadata
        self.type = type
        self.externalName = externalName
        self.isHeadless = isHeadless
        self.ports = ports
    }
}
