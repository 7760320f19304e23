public import Kubernetes
internal import KubernetesAPI
public import Nginx
public import Routing
internal import Synchronization

/// What the admin server shows of the loop. The loop writes, requests read.
public final class ControllerState: Sendable {
    public struct Values: Sendable {
        public var table = RoutingTable()
        public var rejections: [Rejection] = []
        public var secrets: SecretReports
        /// nginx's own words by Ingress.
        public var quarantined: [OwnerRef: String] = [:]
        /// The generation nginx was last seen to serve; nil before the first.
        public var generation: Int?
        /// Whether what the cluster says has been taken to nginx at least once, or was found to be live already.
        public var isConverged = false
        public var isShuttingDown = false
        /// By result.
        public var reloads: [String: Int] = [:]
        public var reloadSeconds = 0.0
        /// Attempts since nginx last took what the cluster says.
        public var failuresInARow = 0
        /// Seconds since 1970.
        public var lastApplied: Double?
        public var lastError: String?
    }

    private let values: Mutex<Values>
    private let cache: ObjectCache
    private let master: NginxMaster
    /// Nil where there is no cluster to lead in.
    let leadership: Leadership?

    public init(cache: ObjectCache, master: NginxMaster, leadership: Leadership?, secrets: SecretReports) {
        values = Mutex(Values(secrets: secrets))
        self.cache = cache
        self.master = master
        self.leadership = leadership
    }

    public var current: Values { values.withLock { $0 } }
    public var isSynced: Bool { cache.isSynced }
    public var nginxProcess: Int32? { master.processIdentifier }
    public var nginxRestarts: Int { master.unexpectedExits }

    public func update(_ change: (inout Values) -> Void) {
        values.withLock { change(&$0) }
    }

    /// Nil when requests can be served here, else what is missing.
    public var reasonNotReady: String? {
        let values = current
        if values.isShuttingDown { return "shutting down" }
        if !isSynced { return "the source has not been read yet" }
        if !values.isConverged || values.generation == nil { return "no generation is verified yet" }
        if nginxProcess == nil { return "nginx is not running" }
        return nil
    }
}
