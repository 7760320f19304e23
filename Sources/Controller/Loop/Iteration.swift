internal import Audit
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing
internal import ServiceLifecycle

/// One turn of the loop, and what it remembers for the next.
struct Iteration {
    private let parts: ControlLoop.Parts
    private let logger: Logger
    private let now: @Sendable () -> Date
    private var pacer: ReloadPacer
    private var causes = CauseList()
    private var trail = AuditTrail()
    /// What nginx serves; nil when it serves nothing.
    private var live: ConfigurationFiles?
    /// What `nginx -t` refused, and when it is tried again although nothing changed: a file that it names may be back.
    private var refused: (files: ConfigurationFiles, until: ContinuousClock.Instant)?
    private var refusals = 0
    private var quarantine = Quarantine()
    private var failures = 0
    /// How many more generations push out the last one from before a certificate or htpasswd file changed, or from an earlier run.
    private var reloadsUntilRemoval = GenerationStore.kept
    private var isFirst = true
    /// For the pods of Services with affinity, at the start.
    private static let patience = Duration.seconds(5)

    init(parts: ControlLoop.Parts, interval: Duration, logger: Logger, now: @escaping @Sendable () -> Date) {
        self.parts = parts
        self.logger = logger
        self.now = now
        pacer = ReloadPacer(interval: interval)
    }

    /// Serves what the last run left, before anything is known of the cluster.
    mutating func resume() async {
        // Also where the generation itself is of no use any more: its certificates may be.
        let last = await files(of: parts.store.current())
        if let last { await resumeSecrets(of: last) }
        if let kept = await parts.store.lastGood() {
            do {
                quarantine = Quarantine(lastGood: try .init(coded: kept))
            } catch {
                logger.warning("what was served last cannot be read", metadata: ["error": "\(error)"])
            }
        }
        guard let generation = await parts.reloader.resume() else {
            await audit { $0.begin(nil, nil) }
            return
        }
        live = await files(of: generation)
        if last == nil, let live { await resumeSecrets(of: live) }
        await audit { [live] in $0.begin(generation.number, live) }
        parts.state.update { $0.generation = generation.number }
    }

    private func resumeSecrets(of files: ConfigurationFiles) async {
        await parts.secrets.resume(files.secrets)
    }

    /// Nil where they cannot be read: that keeps nobody from starting.
    private func files(of generation: Generation?) async -> ConfigurationFiles? {
        guard let generation else { return nil }
        do throws(FileError) {
            return try await parts.store.files(of: generation)
        } catch {
            logger.error(
                "a generation of the last run cannot be read",
                metadata: ["generation": "\(generation.number)", "error": "\(error)"])
            return nil
        }
    }

    /// - Returns: after which time to try again although nothing changes; nil when that is not needed.
    /// - Throws: `StartupError` when nginx cannot be brought to serve its very first generation.
    mutating func step() async throws -> Duration? {
        let wait = pacer.delay(at: .now)
        if wait > .zero {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
            if Task.isShuttingDownGracefully || Task.isCancelled { return nil }
        }
        if isFirst { await waitForPods() }
        let clock = ContinuousClock()
        let began = clock.now
        let (snapshot, wanted) = route()
        let routedAt = clock.now
        await collect(for: wanted.table)
        let secrets = await parts.secrets.reports
        let certificates = secrets.served.certificates
        let routed = wanted.protected(by: secrets.htpasswdFiles)
        let collectedAt = clock.now
        var plan = quarantine.plan(routed.table, certificates)
        var files = parts.renderer.render(plan.table, plan.certificates)
        let renderedAt = clock.now
        publish(routed, secrets)
        guard !files.isServedLike(live) else {
            await audit { [causes, quarantine] in
                $0.unchanged(
                    files, routed.rejections, causes: causes.sorted, quarantined: quarantine.problems)
            }
            causes.removeAll()
            refused = nil
            refusals = 0
            if live != nil { quarantine.confirm(plan) }
            failures = 0
            parts.state.update {
                $0.isConverged = true
                $0.quarantined = quarantine.problems
                $0.failuresInARow = 0
            }
            await report(snapshot, routed)
            return nil
        }
        if let refused, files.isServedLike(refused.files), clock.now < refused.until {
            return clock.now.duration(to: refused.until)
        }

        let trial = Trial(
            renderer: parts.renderer, reloader: parts.reloader, oldestFirst: routed.ingresses.map(\.ref))
        let culprits = await trial.culprits(plan)
        if !culprits.isEmpty { (plan, files) = hold(culprits, routed.table, certificates) }
        var attempt = await apply(files)
        // Each round holds somebody back, or more of them: it ends.
        while case .rejected = attempt.result, !Task.isCancelled, !files.isServedLike(live) {
            let culprits = await trial.culpritsInWhole(plan)
            if culprits.isEmpty { break }
            (plan, files) = hold(culprits, routed.table, certificates)
            attempt = await apply(files)
        }
        attempt.test = renderedAt.duration(to: clock.now) - attempt.reload
        pacer.didReload(at: clock.now)
        let certificateChanges = CertificateChange.list(from: live, to: files)
        let htpasswdCauses = Cause.htpasswdFiles(from: live, to: files)
        await audit { [live, causes, quarantine] in
            $0.attempted(
                AuditTrail.Attempt(
                    result: attempt, old: live, new: files, rejections: routed.rejections,
                    causes: causes.sorted + htpasswdCauses,
                    certificates: certificateChanges, quarantined: quarantine.problems,
                    times: AuditRecord.Reload.Times(
                        route: began.duration(to: routedAt), render: collectedAt.duration(to: renderedAt),
                        test: attempt.test, reload: attempt.reload, total: began.duration(to: clock.now))))
        }
        record(attempt)
        parts.state.update { $0.quarantined = quarantine.problems }
        if attempt.result == .applied {
            await keep(plan)
            await removeUnneededFiles(haveChanged: !certificateChanges.isEmpty || !htpasswdCauses.isEmpty)
        }
        // Also where nothing is left of the change but whom nginx refuses.
        if attempt.result == .applied || files.isServedLike(live) { await report(snapshot, routed) }
        return try conclude(attempt, files)
    }

    private mutating func audit(_ tell: (inout AuditTrail) -> [AuditRecord]) async {
        let records = tell(&trail)
        await parts.audit.append(records, at: now(), leaving: trail.standing)
    }

    private mutating func route() -> (Snapshot, Router.Result) {
        let (snapshot, changes) = parts.cache.take()
        causes.add(changes)
        let routed = parts.router.route(snapshot)
        parts.cache.want(endpointsOf: routed.endpointsWanted)
        return (snapshot, routed)
    }

    /// Or a restart would send every client to another pod, until the pods are known again.
    private mutating func waitForPods() async {
        _ = route()
        let deadline = ContinuousClock.now + Self.patience
        while !parts.cache.hasWantedEndpoints, ContinuousClock.now < deadline {
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(10)) }) != nil else {
                break
            }
        }
    }

    /// What is left to be served when these are held back.
    private mutating func hold(
        _ culprits: [OwnerRef: String], _ table: RoutingTable, _ certificates: CertificateSet
    ) -> (Quarantine.Plan, ConfigurationFiles) {
        for (ingress, problem) in culprits.sorted(by: { $0.key < $1.key }) {
            logger.error("quarantined", metadata: ["ingress": "\(ingress)", "error": "\(problem)"])
        }
        quarantine.hold(culprits, table, certificates)
        let plan = quarantine.plan(table, certificates)
        return (plan, parts.renderer.render(plan.table, plan.certificates))
    }

    private func apply(_ files: ConfigurationFiles) async -> ReloadAttempt {
        if files.isServedLike(live), let (ingress, problem) = quarantine.problems.min(by: { $0.key < $1.key }) {
            // Nothing is left of the change: what can be served of it is live.
            parts.state.update { $0.isConverged = true }
            return ReloadAttempt(
                generation: nil, result: .rejected("Ingress \(ingress): \(problem)"), test: .zero, reload: .zero)
        }
        return await parts.reloader.apply(files) { [renderer = parts.renderer] in renderer.marker(generation: $0) }
    }

    /// Remembers what is served, for this run and the next.
    private mutating func keep(_ plan: Quarantine.Plan) async {
        quarantine.confirm(plan)
        do {
            try await parts.store.keepLastGood(try quarantine.lastGood.coded)
        } catch {
            logger.warning("what is served cannot be kept for the next run", metadata: ["error": "\(error)"])
        }
    }

    private mutating func conclude(_ attempt: ReloadAttempt, _ files: ConfigurationFiles) throws -> Duration? {
        switch attempt.result {
        case .applied:
            live = files
            refused = nil
            refusals = 0
            causes.removeAll()
            failures = 0
            return nil
        case .rejected(let problem):
            logger.error(
                "nginx refuses the new configuration, the last good one stays", metadata: ["error": "\(problem)"])
            // Nothing is left of the change but whom nginx refuses: they are tried when they change.
            if files.isServedLike(live) { return nil }
            refusals += 1
            let delay = ReloadPacer.retryDelay(afterRefusals: refusals)
            refused = (files, .now + delay)
            return delay
        case .failed(let problem):
            guard parts.state.current.generation != nil else {
                throw StartupError("nginx cannot be started: \(problem)")
            }
            failures += 1
            let delay = ReloadPacer.retryDelay(afterFailures: failures)
            logger.error(
                "nginx did not take the new configuration, the last good one is back",
                metadata: ["error": "\(problem)", "retry": "\(delay)"])
            return delay
        }
    }

    /// Asks for the secrets of the table. Waits for the answers once, at the start: later, a late one goes live
    /// by itself.
    private mutating func collect(for table: RoutingTable) async {
        await parts.secrets.want(table)
        guard isFirst else { return }
        isFirst = false
        let deadline = ContinuousClock.now + parts.startupWait
        while await !parts.secrets.isAnswered, ContinuousClock.now < deadline {
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(10)) }) != nil else {
                break
            }
        }
    }

    /// Looks for them only when there can be some: after a change, and when the last generation from before it is gone.
    private mutating func removeUnneededFiles(haveChanged: Bool) async {
        reloadsUntilRemoval = haveChanged ? GenerationStore.kept : reloadsUntilRemoval - 1
        guard haveChanged || reloadsUntilRemoval == 0 else { return }
        do throws(FileError) {
            await parts.secrets.cleanup(keeping: try await parts.store.servedSecrets())
        } catch {
            logger.warning("unused secrets cannot be removed", metadata: ["error": "\(error)"])
        }
    }

    /// Rejections are told whether or not anything has to be reloaded for them.
    private func publish(_ routed: Router.Result, _ secrets: SecretReports) {
        let known = Set(parts.state.current.rejections.map(\.description))
        for rejection in routed.rejections where !known.contains(rejection.description) {
            logger.warning(
                "refused",
                metadata: [
                    "ingress": "\(rejection.source)", "reason": "\(rejection.reason.name)",
                    "detail": "\(rejection.detail)",
                ])
        }
        parts.state.update {
            $0.table = routed.table
            $0.rejections = routed.rejections
            $0.secrets = secrets
        }
    }

    private func report(_ snapshot: Snapshot, _ routed: Router.Result) async {
        await parts.report(
            LivePass(
                snapshot: snapshot, routed: routed, certificates: await parts.secrets.reports.certificates,
                quarantined: quarantine.problems))
    }

    private func record(_ attempt: ReloadAttempt) {
        let time = now().timeIntervalSince1970
        parts.state.update { values in
            values.reloads[attempt.result.name, default: 0] += 1
            values.reloadSeconds += (attempt.test + attempt.reload) / .seconds(1)
            values.lastError = attempt.result.error
            values.failuresInARow = attempt.result == .applied ? 0 : values.failuresInARow + 1
            guard attempt.result == .applied else { return }
            values.generation = attempt.generation
            values.isConverged = true
            values.lastApplied = time
        }
    }
}
