internal import Kubernetes
internal import KubernetesAPI
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

extension Reconciler {
    /// The time of `nginx -t` below which changes are not tested alone first.
    private static let shortTest = Duration.milliseconds(500)

    /// Performs one pass: each action that the state machine returns, until the pass ends.
    ///
    /// - Throws: `StartupError` if nginx cannot be started with the very first generation.
    func pass() async throws {
        if state.isExhaustionRetryDue(.now) { quarantine.releaseLargest() }
        if let due = nextCleanup, due <= .now { await removeUnusedFiles() }
        var action = state.handle(.wake, now: .now)
        var pass: Pass?
        while true {
            parts.state.stepBegins()
            switch (action, pass) {
            case (.abort(let problem), _):
                if let pass { await finishAttempt(.failed, pass) }
                throw StartupError("cannot start nginx with the first generation: \(problem)")
            case (.end(let end), let pass?): return await finish(end, pass)
            case (.plan, _), (_, nil):
                var planned = await plan()
                await rotate(&planned)
                pass = planned
                action = state.handle(.planned(summary(of: planned)), now: .now)
            case (let next, var current?):
                let event = await perform(next, &current)
                pass = current
                action = state.handle(event, now: .now)
            }
        }
    }

    private func perform(_ action: ReconcilerState.Action, _ pass: inout Pass) async -> ReconcilerState.Event {
        let dryRun = DryRun(
            renderer: parts.renderer, reloader: parts.reloader, oldestFirst: pass.routed.ingresses.map(\.ref))
        switch action {
        case .dryRun where lastTest.map({ $0 < Self.shortTest }) ?? false:
            // A test of the whole configuration is as fast as one of the changes.
            return .dryRunEnded(hasRejectedOwners: false)
        case .dryRun:
            pass.rejectedOwners = await dryRun.rejectedAmongChanged(pass.plan)
            return .dryRunEnded(hasRejectedOwners: !pass.rejectedOwners.isEmpty)
        case .bisect:
            pass.rejectedOwners = Task.isCancelled ? [:] : await dryRun.rejectedInWhole(pass.plan)
            return .bisected(hasRejectedOwners: !pass.rejectedOwners.isEmpty)
        case .chooseLargest(let round, let problem):
            pass.rejectedOwners =
                Task.isCancelled ? [:] : LargestChanges.owners(in: pass.plan, round: round, problem: problem)
            pass.isExhausted = true
            return .largestChosen(hasOwners: !pass.rejectedOwners.isEmpty)
        case .quarantine:
            quarantine(&pass)
            return .planned(summary(of: pass))
        case .apply, .plan, .end, .abort:
            let attempt = await parts.reloader.apply(pass.rendered)
            pass.attempt = attempt
            pass.attemptedAt = .now
            lastTest = attempt.test
            return .attempted(.init(attempt.result))
        }
    }

    private func quarantine(_ pass: inout Pass) {
        for (owner, problem) in pass.rejectedOwners.sorted(by: { $0.key < $1.key }) {
            logger.error("Ingress quarantined", metadata: ["ingress": "\(owner)", "error": "\(problem)"])
        }
        if pass.isExhausted {
            quarantine.addLargest(pass.rejectedOwners, wanted: pass.wanted)
            pass.isExhausted = false
        } else {
            quarantine.add(pass.rejectedOwners, wanted: pass.wanted)
        }
        pass.plan = quarantine.plan(pass.wanted, live: lastGood)
        pass.rendered = parts.renderer.render(pass.plan.configuration)
    }

    private func plan() async -> Pass {
        hasMore = false
        var began = ContinuousClock.now
        var (snapshot, wanted, changed) = route()
        if isFirstPass {
            await StartupWait.wait(upTo: StartupWait.forPods) { parts.cache.hasWantedEndpoints }
            began = .now
            (snapshot, wanted, changed) = route()
        }
        await namePods(&wanted.table)
        let routedAt = ContinuousClock.now
        await parts.secrets.want(wanted.table, changed: changed)
        if isFirstPass {
            await StartupWait.wait(upTo: parts.secretWait) { await parts.secrets.isAttempted }
            isFirstPass = false
        } else {
            // A new host goes live with its certificate, not without it and again after --reload-interval.
            await StartupWait.wait(upTo: StartupWait.forNewSecrets) { await parts.secrets.isAttempted }
        }
        if await parts.secrets.isAnswered { parts.state.update { $0.hasAnsweredSecrets = true } }
        coveredUpdates = parts.secrets.updates
        let secrets = await parts.secrets.reports
        let routed = wanted.protected(by: secrets.htpasswdFiles)
        let configuration = Configuration(table: routed.table, secrets.served)
        let collectedAt = ContinuousClock.now
        let plan = quarantine.plan(configuration, live: lastGood)
        let rendered = parts.renderer.render(plan.configuration)
        let pass = Pass(
            began: began, routedAt: routedAt, snapshot: snapshot, disappearances: parts.cache.disappearances,
            routed: routed, secrets: secrets,
            collectedAt: collectedAt, wanted: configuration, plan: plan, rendered: rendered, renderedAt: .now)
        publish(pass)
        return pass
    }

    /// - Returns: also the Ingresses that have changed.
    private func route() -> (snapshot: Snapshot, routed: Router.Result, changed: Set<OwnerRef>) {
        let (first, wantsMore) = routeOnce()
        guard wantsMore else { return first }
        // A new host goes live with the pods of its Services, not with their names and again after --reload-interval.
        var (second, _) = routeOnce()
        second.changed.formUnion(first.changed)
        return second
    }

    /// - Returns: also whether there are more EndpointSlices now.
    private func routeOnce() -> (
        (snapshot: Snapshot, routed: Router.Result, changed: Set<OwnerRef>), hasMoreEndpoints: Bool
    ) {
        let (snapshot, changes) = parts.cache.take()
        pacer.begin(changes)
        causes.add(changes)
        let policy = parts.hostPolicy?.take()
        causes.add(policy: policy?.cause)
        let routed = parts.router.route(snapshot, policy: policy?.state.policy)
        parts.state.update { $0.hostPolicy = policy?.state }
        parts.cache.want(services: routed.servicesWanted)
        let hasMore = parts.cache.want(endpointsOf: routed.endpointsWanted)
        let changed = changes.filter { $0.kind == .ingress }.map { OwnerRef(ingress: $0.key) }
        return ((snapshot, routed, Set(changed)), hasMore)
    }

    private func summary(of pass: Pass) -> ReconcilerState.Plan {
        ReconcilerState.Plan(
            main: pass.rendered.main, isLive: pass.rendered.isServedLike(live),
            hasQuarantined: !pass.plan.configuration.quarantined.isEmpty)
    }
}

extension ReconcilerState.AttemptResult {
    fileprivate init(_ result: ReloadAttempt.Result) {
        switch result {
        case .applied: self = .applied
        case .rejected: self = .rejected
        case .exhausted(let problem): self = .exhausted(problem: problem)
        case .failed(let problem): self = .failed(problem: problem)
        }
    }
}
