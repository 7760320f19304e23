/// core/v1 Service.
public struct Service: KubernetesObject {
    public static let kind = ObjectKind.service

    public var metadata: ObjectMeta
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    public var type: String
    public var externalName: String?
    /// True without a ClusterIP: its DNS name resolves to the addresses of its pods, and ports are not translated.
    public var isHeadless: Bool
    public var ports: [Port]

    public struct Port: Sendable, Equatable {
        /// May be empty if the Service has a single port.
        public var name: String
        public var port: Int
        /// `TCP`, `UDP` or `SCTP`.
        public var `protocol`: String
        /// The port of the pods; nil if it equals `port`.
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
        /// The name of a container port.
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
