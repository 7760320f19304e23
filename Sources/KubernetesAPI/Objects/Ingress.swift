/// networking.k8s.io/v1 Ingress. Older versions are decoded into this type.
public struct Ingress: KubernetesObject {
    public static let kind = ObjectKind.ingress

    public var metadata: ObjectMeta
    public var spec: Spec
    public var status: LoadBalancerStatus

    public init(metadata: ObjectMeta, spec: Spec, status: LoadBalancerStatus = LoadBalancerStatus()) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    public struct Spec: Sendable, Equatable {
        public var ingressClassName: String?
        public var defaultBackend: Backend?
        public var tls: [TLS]
        public var rules: [Rule]

        public init(
            ingressClassName: String? = nil, defaultBackend: Backend? = nil, tls: [TLS] = [], rules: [Rule] = []
        ) {
            self.ingressClassName = ingressClassName
            self.defaultBackend = defaultBackend
            self.tls = tls
            self.rules = rules
        }
    }

    public struct TLS: Sendable, Equatable {
        public var hosts: [String]
        public var secretName: String?

        public init(hosts: [String] = [], secretName: String? = nil) {
            self.hosts = hosts
            self.secretName = secretName
        }
    }

    public struct Rule: Sendable, Equatable {
        /// Empty for all hosts (the catch-all).
        public var host: String
        /// `http.paths`. Empty if the rule has no `http`: all its traffic goes to the default backend.
        public var paths: [Path]

        public init(host: String = "", paths: [Path] = []) {
            self.host = host
            self.paths = paths
        }
    }

    public struct Path: Sendable, Equatable {
        /// Not validated.
        public var path: String?
        /// `Exact`, `Prefix` or `ImplementationSpecific`; not validated.
        public var pathType: String?
        public var backend: Backend

        public init(path: String? = nil, pathType: String? = nil, backend: Backend) {
            self.path = path
            self.pathType = pathType
            self.backend = backend
        }
    }

    public enum Backend: Sendable, Equatable {
        case service(name: String, port: Port)
        /// A `resource` backend, described for the error message: `apiGroup/kind name`.
        case resource(String)

        public enum Port: Sendable, Equatable {
            case number(Int)
            case name(String)
            /// Neither number nor name is given.
            case absent
        }
    }
}
