internal import AsyncAlgorithms
public import Kubernetes
public import Logging
public import Nginx
public import NginxConfig
public import Routing
public import ServiceLifecycle

public import struct Foundation.Date

/// *Wait for a change → snapshot → route → collect certificates → render → same as live? stop : test → swap → reload → verify → record.*
public struct ControlLoop: ServiceLifecycle.Service {
    public struct Parts: Sendable {
        public var cache: ObjectCache
        public var router: Router
        public var wishes: CertificateWishes
        public var certificates: CertificateStore
        public var userLists: UserListStore
        public var renderer: ConfigurationRenderer
        public var store: GenerationStore
        public var reloader: Reloader
        public var audit: AuditLog
        public var state: ControllerState

        public init(
            cache: ObjectCache, router: Router, wishes: CertificateWishes, certificates: CertificateStore,
            userLists: UserListStore, renderer: ConfigurationRenderer, store: GenerationStore,
            reloader: Reloader, audit: AuditLog, state: ControllerState
        ) {
            self.cache = cache
            self.router = router
            self.wishes = wishes
            self.certificates = certificates
            self.userLists = userLists
            self.renderer = renderer
            self.store = store
            self.reloader = reloader
            self.audit = audit
            self.state = state
        }
    }

    private let parts: Parts
    private let interval: Duration
    private let pod: String
    private let logger: Logger
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - interval: the least time between two reloads.
    ///   - pod: whose line it is in the audit log.
    public init(
        _ parts: Parts, interval: Duration, pod: String, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.parts = parts
        self.interval = interval
        self.pod = pod
        self.logger = logger
        self.now = now
    }

    public func run() async throws {
        var iteration = Iteration(parts: parts, interval: interval, pod: pod, logger: logger, now: now)
        try await iteration.resume()
        let (retries, retry) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await _ in merge(parts.cache.news, merge(parts.certificates.news, parts.userLists.news), retries)
                .cancelOnGracefulShutdown()
            where parts.cache.isSynced {
                guard let delay = try await iteration.step() else { continue }
                group.addTask {
                    try await Task.sleep(for: delay)
                    retry.yield()
                }
            }
            group.cancelAll()
        }
    }
}
