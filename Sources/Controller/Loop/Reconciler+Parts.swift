public import Basics
public import Kubernetes
public import Nginx
public import NginxConfig
public import Routing

extension Reconciler {
    /// The dependencies of the loop.
    public struct Parts: Sendable {
        /// Wakes the loop: signalled by the secrets, by the host policy, and when changes in the cache are due.
        var wakeUp: WakeUpSignal
        var cache: ObjectCache
        var router: Router
        /// Nil without a host policy.
        var hostPolicy: HostPolicySource?
        var secrets: any SecretSource
        /// The maximum time that the first configuration waits for secrets.
        var secretWait: Duration
        var renderer: ConfigurationRenderer
        var certificateLoading: CertificateLoading { renderer.settings.certificateLoading }
        /// The names of pods, if nginx follows changes of pods by name.
        var podNames: HostsFolder?
        var store: any ConfigurationStore
        var reloader: any ConfigurationReloader
        var audit: AuditLog
        var state: ControllerState
        /// Receives each pass whose configuration is live. Must not block.
        var report: @Sendable (LivePass) async -> Void

        /// - Parameters:
        ///   - wakeUp: signalled by the secrets and by the host policy.
        ///   - report: receives each pass whose configuration is live; must not block.
        public init(
            wakeUp: WakeUpSignal, cache: ObjectCache, router: Router, hostPolicy: HostPolicySource? = nil,
            secrets: SecretStores, secretWait: Duration,
            renderer: ConfigurationRenderer, store: GenerationStore, reloader: Reloader, audit: AuditLog,
            state: ControllerState, podNames: HostsFolder? = nil,
            report: @escaping @Sendable (LivePass) async -> Void
        ) {
            self.init(
                wakeUp: wakeUp, cache: cache, router: router, hostPolicy: hostPolicy, source: secrets,
                secretWait: secretWait,
                renderer: renderer, configurations: store, nginx: reloader, audit: audit, state: state, report: report)
            self.podNames = podNames
        }

        init(
            wakeUp: WakeUpSignal, cache: ObjectCache, router: Router, hostPolicy: HostPolicySource? = nil,
            source: any SecretSource, secretWait: Duration,
            renderer: ConfigurationRenderer, configurations: any ConfigurationStore,
            nginx: any ConfigurationReloader, audit: AuditLog, state: ControllerState,
            report: @escaping @Sendable (LivePass) async -> Void
        ) {
            self.wakeUp = wakeUp
            self.cache = cache
            self.router = router
            self.hostPolicy = hostPolicy
            self.secrets = source
            self.secretWait = secretWait
            self.renderer = renderer
            self.store = configurations
            self.reloader = nginx
            self.audit = audit
            self.state = state
            self.report = report
        }
    }
}
