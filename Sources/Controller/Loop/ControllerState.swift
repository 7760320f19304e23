public import Kubernetes
internal import KubernetesAPI
public import Nginx
public import Routing
internal import Synchronization

/// The state that the admin server shows. The loop writes it, and requests read it.
public final class ControllerState: Sendable {
    public struct Values: Sendable {
        public var table = RoutingTable()
        public var rejections: [Rejection] = []
        public var budgets = BudgetReport()
        public var secrets = SecretReports()
        /// nginx's message for each Ingress that it rejects.
        public var quarantined: [OwnerRef: String] = [:]
        /// The objects that are served although their source no longer has them.
        public var disappearances: [Disappearance] = []
        /// The generation that nginx serves, as last verified; nil before the first one.
        public var generation: Int?
        /// True once nginx has served the state of the cluster, by a reload or without one.
        public var isConverged = false
        /// True once the sources have answered for all secrets that were wanted at first. It stays true: an outage of
        /// Vault later does not take traffic away.
        public var hasAnsweredSecrets = false
        public var isShuttingDown = false
        /// The takeovers of the last hour.
        public var takeovers: [RecordedTakeover] = []
        /// The number of takeovers since the start.
        public var hostTakeovers = 0
        /// The host policy; nil without `--host-policy`.
        public var hostPolicy: HostPolicyState?
        /// The number of attempts, by result.
        public var reloads: [String: Int] = [:]
        public var reloadSeconds = 0.0
        /// The attempts that failed since nginx last served the state of the cluster.
        public var failuresInARow = 0
        /// Seconds since 1970.
        public var lastApplied: Double?
        public var lastError: String?
    }

    private let values: Mutex<(current: Values, version: Int)>
    private let progress = Mutex(LoopProgress())
    /// The longest time that the loop waits before it processes a change.
    private let pause: Duration
    private let cache: ObjectCache
    private let master: NginxMaster
    /// Nil without a cluster.
    let leadership: Leadership?
    private let isReadyWithoutSecrets: Bool
    /// Set if the budgets may need more memory than the container has.
    let memoryWarning: String?

    /// - Parameters:
    ///   - isReadyWithoutSecrets: whether this replica is ready before the sources of secrets have answered.
    ///   - pause: the longest time that the loop waits before it processes a change.
    public init(
        cache: ObjectCache, master: NginxMaster, leadership: Leadership?, secrets: SecretReports,
        isReadyWithoutSecrets: Bool, pause: Duration, memoryWarning: String? = nil
    ) {
        self.pause = pause
        self.memoryWarning = memoryWarning
        self.isReadyWithoutSecrets = isReadyWithoutSecrets
        values = Mutex((current: Values(secrets: secrets), version: 0))
        self.cache = cache
        self.master = master
        self.leadership = leadership
    }

    public var current: Values { values.withLock(\.current) }
    /// Increases with every write of the values.
    var version: Int { values.withLock(\.version) }
    var activity: [ObjectKind: SourceActivity.Times] { cache.activity.current }
    var lastPass: ContinuousClock.Instant? { progress.withLock(\.lastPass) }
    public var isSynced: Bool { cache.isSynced }
    public var nginxProcess: Int32? { master.processIdentifier }
    public var nginxRestarts: Int { master.unexpectedExits }

    func update(_ change: (inout Values) -> Void) {
        values.withLock { values in
            change(&values.current)
            values.version += 1
        }
    }

    func stepBegins() { progress.withLock { $0.stepBegins(at: .now) } }

    func passEnds() { progress.withLock { $0.passEnds(at: .now) } }

    /// The reason why the process should be restarted; nil if it works. An API server or Vault that is unreachable is
    /// no reason.
    func reasonUnhealthy(at now: ContinuousClock.Instant) -> String? {
        // Before the first complete read, the loop waits, however many changes there are.
        let pendingSince = isSynced ? cache.pendingSince : nil
        return progress.withLock { $0.reasonStalled(pendingSince: pendingSince, pause: pause, at: now) }
    }

    /// The reason why this replica cannot serve traffic; nil if it can.
    public var reasonNotReady: String? {
        let values = current
        if values.isShuttingDown { return "shutting down" }
        if !isSynced { return "waiting for the first read of the API server or the manifest folder" }
        if !values.isConverged || values.generation == nil { return "waiting for nginx to serve the first generation" }
        if nginxProcess == nil { return "nginx is not running" }
        if !values.hasAnsweredSecrets, !isReadyWithoutSecrets {
            return "waiting for the first answer from Vault for every certificate"
        }
        return nil
    }
}
