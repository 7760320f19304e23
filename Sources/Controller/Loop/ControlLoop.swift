internal import AsyncAlgorithms
public import Kubernetes
internal import KubernetesAPI
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
        public var secrets: SecretStores
        /// The longest time for which the first configuration waits for secrets.
        public var startupWait: Duration
        public var renderer: ConfigurationRenderer
        public var store: GenerationStore
        public var reloader: Reloader
        public var audit: AuditLog
        public var state: ControllerState
        /// Told of each turn whose configuration is live; must not wait for anything.
        public var report: @Sendable (LivePass) async -> Void

        public init(
            cache: ObjectCache, router: Router, secrets: SecretStores, startupWait: Duration,
            renderer: ConfigurationRenderer, store: GenerationStore, reloader: Reloader, audit: AuditLog,
            state: ControllerState,
            report: @escaping @Sendable (LivePass) async -> Void
        ) {
            self.cache = cache
            self.router = router
            self.secrets = secrets
            self.startupWait = startupWait
            self.renderer = renderer
            self.store = store
            self.reloader = reloader
            self.audit = audit
            self.state = state
            self.report = report
        }
    }

    private let parts: Parts
    private let interval: Duration
    private let logger: Logger
    private let now: @Sendable () -> Date

    /// - Parameter interval: the least time between two reloads.
    public init(
        _ parts: Parts, interval: Duration, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.parts = parts
        self.interval = interval
        self.logger = logger
        self.now = now
    }

    public func run() async throws {
        var iteration = Iteration(parts: parts, interval: interval, logger: logger, now: now)
        await iteration.resume()
        let (retries, retry) = AsyncStream<Int?>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let news = merge(parts.cache.news, parts.secrets.updates).map { nil as Int? }
        try await withThrowingDiscardingTaskGroup { group in
            var turns = 0
            for await turn in merge(news, retries).cancelOnGracefulShutdown() where parts.cache.isSynced {
                // Only the last turn's own time counts, or those that failed would add up to a retry at every moment.
                if let turn, turn != turns { continue }
                turns += 1
                guard let delay = try await iteration.step() else { continue }
                group.addTask { [turns] in
                    guard (try? await Task.sleep(for: delay)) != nil else { return }
                    retry.yield(turns)
                }
            }
            group.cancelAll()
        }
    }
}
