internal import Audit
internal import Basics
internal import Kubernetes
public import Logging
internal import Nginx
internal import NginxConfig
public import ServiceLifecycle

public import struct Foundation.Date

/// The reconciliation loop: *wait for a change → snapshot → route → collect secrets → plan → render → same as live?
/// stop : test → reload → verify → record*. `ReconcilerState` decides what comes next; this type performs it.
public actor Reconciler: ServiceLifecycle.Service {
    let parts: Parts
    let logger: Logger
    let now: @Sendable () -> Date
    var state = ReconcilerState()
    var throttle: PassThrottle
    let pacer: ChangePacer
    var quarantine = Quarantine()
    var unusedFiles = UnusedFiles()
    var causes = CauseList()
    var isFirstPass = true
    /// True if the pass has reloaded nginx, or tried to.
    var hasReloaded = false
    /// True if the last pass has left something for the next one.
    var hasMore = false
    /// The updates of secrets that the last pass covers; nil if that is not known.
    var coveredUpdates: Int?
    var hasKeptClasses = false
    /// The time of the last test of a whole configuration; nil before the first.
    var lastTest: Duration?
    /// When certificates are tried again that nginx did not present; nil if there are none.
    var nextRotation: ContinuousClock.Instant?
    /// When unused files were removed last.
    var lastCleanup: ContinuousClock.Instant?
    /// When unused files are removed next; nil if there may be none.
    var nextCleanup: ContinuousClock.Instant?
    /// Until when the hosts of the last run are kept although the first snapshot has no Ingress; nil otherwise.
    var emptyStart: ContinuousClock.Instant?
    /// The live configuration; nil if nginx serves nothing.
    var live: RenderedConfiguration?
    /// The configuration with which nginx was last reloaded or resumed: that of the last audit record. `live` also takes
    /// later changes that nginx serves alike.
    var applied: Configuration?
    /// The last configuration of an earlier run, even if nginx can no longer serve it.
    private(set) var previous: Configuration?
    var takeovers = TakeoverHistory()
    private var trail = AuditTrail()

    /// - Parameter interval: the minimum time between two reloads.
    public init(
        _ parts: Parts, interval: Duration, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.parts = parts
        self.logger = logger
        self.now = now
        throttle = PassThrottle(interval: interval)
        pacer = ChangePacer(cache: parts.cache, wakeUp: parts.wakeUp, logger: logger)
    }

    /// The source of substitutes for a configuration that nginx rejects.
    var lastGood: Configuration? { live?.configuration ?? previous }

    /// - Throws: `StartupError` if nginx cannot be started with the very first generation.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pacer] in await pacer.run() }
            defer { group.cancelAll() }
            try await loop()
        }
    }

    private func loop() async throws {
        parts.state.stepBegins()
        await resume()
        parts.state.passEnds()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let due = [state.retry, parts.cache.nextExpiry, emptyStart, nextRotation, nextCleanup].compactMap(\.self)
                .min()
            await cancelWhenGracefulShutdown { [wakeUp = parts.wakeUp] in await wakeUp.wait(until: due) }
            guard hasWork(due) else {
                pacer.skip()
                continue
            }
            let mayPass = if parts.cache.isSynced { await throttle.wait() } else { false }
            pacer.prepare()
            guard mayPass else { continue }
            keepClassesOfLastRun()
            guard !isEmptyStart() else { continue }
            let began = ContinuousClock.now
            hasReloaded = false
            try await pass()
            let end = ContinuousClock.now
            // The time between reloads limits passes that reload.
            if !hasReloaded { throttle.didPass(from: began, to: end) }
            pacer.end(from: began, to: end, pause: throttle.delay(at: end))
            parts.state.passEnds()
        }
    }

    /// False after a signal for a change that the last pass has covered, such as a certificate that it waited for. With thousands
    /// of hosts, a pass that finds nothing delays the next change by a second.
    private func hasWork(_ due: ContinuousClock.Instant?) -> Bool {
        if isFirstPass || hasMore || parts.hostPolicy?.isNew ?? false { return true }
        if Task.isCancelled || Task.isShuttingDownGracefully { return true }
        if let due, due <= .now { return true }
        let pending = parts.cache.pending
        if pending.isUrgent || !pending.namespaces.isEmpty { return true }
        guard let updates = parts.secrets.updates, let coveredUpdates else { return true }
        return updates != coveredUpdates
    }

    /// Serves the generation of the last run, before the cluster has been read.
    private func resume() async {
        let last = await rendered(await parts.store.current())
        // A controller that was killed just after a reload has not described the live generation.
        previous = if let last { last.configuration } else { await parts.store.newestConfiguration() }
        let generation = await parts.reloader.resume()
        live = await rendered(generation)
        applied = live?.configuration
        let generations = await parts.store.recoverableSecrets()
        // The certificates of a generation are used even if nginx cannot serve it. A damaged file must not cost a
        // certificate that is on disk.
        let served = (last ?? live)?.configuration.secrets ?? generations.first ?? ServedSecrets()
        await parts.secrets.resume(served, generations: generations)
        do throws(FileError) {
            try await parts.store.convert()
        } catch {
            logger.warning("cannot convert state of version 0.1.0", metadata: ["error": "\(error)"])
        }
        state.isServing = generation != nil
        await audit { [live] in $0.begin(generation?.number, live?.configuration) }
        if let generation { parts.state.update { $0.generation = generation.number } }
    }

    /// Nil if the files cannot be read: that does not prevent the start.
    private func rendered(_ generation: Generation?) async -> RenderedConfiguration? {
        guard let generation else { return nil }
        do throws(FileError) {
            return try await parts.store.rendered(generation)
        } catch {
            logger.error(
                "cannot read generation of the last run",
                metadata: ["generation": "\(generation.number)", "error": "\(error)"])
            return nil
        }
    }

    /// Writes the records that the trail makes.
    func audit(_ records: (inout AuditTrail) -> [AuditRecord]) async {
        let records = records(&trail)
        await parts.audit.append(records, at: now(), leaving: trail.state)
    }
}
