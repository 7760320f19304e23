/// The pure state machine of the reconciliation loop: it takes an event and returns the next action. `Reconciler`
/// performs the action and reports its result as the next event.
///
///     wake ─▶ plan ─▶ dry run ─▶ apply ─▶ end
///                      │  ▲        │
///                      ▼  │        ▼
///                    quarantine ◀─ bisect
struct ReconcilerState: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    private enum Step: Equatable {
        case planning
        case planned(Plan)
        /// The first plan has a rejected owner.
        case quarantining
    }

    private(set) var phase = Phase.starting
    /// Consecutive failed attempts to serve the state of the cluster; quarantined owners do not count.
    private(set) var failuresInARow = 0
    /// True if nginx serves anything.
    var isServing = false
    /// The `nginx.conf` that nginx rejected last.
    private var rejected: String?
    private var step = Step.planning

    /// The time of the next retry; nil if only a change causes a new attempt.
    var retry: Instant? {
        switch phase {
        case .starting, .converged, .quarantined: nil
        case .rejected(_, let until), .failed(_, let until): until
        }
    }

    /// - Parameter now: when the event occurs.
    mutating func handle(_ event: Event, now: Instant) -> Action {
        switch (event, step) {
        case (.wake, _):
            step = .planning
            return .plan
        case (.planned(let plan), .planning):
            return start(plan, now)
        case (.planned(let plan), .quarantining):
            guard !plan.isLive else { return succeed(.quarantined, plan) }
            step = .planned(plan)
            return .apply
        case (.dryRunEnded(let hasRejectedOwners), _):
            return hasRejectedOwners ? quarantine() : .apply
        case (.bisected(true), _):
            return quarantine()
        case (.bisected(false), .planned(let plan)):
            rejected = plan.main
            let attempts = phase.rejections + 1
            return fail(.rejected(attempts: attempts, until: now + RetryDelay.afterRejections(attempts)), .rejected)
        case (.attempted(let result), .planned(let plan)):
            return end(result, plan, now)
        // The shell reports the result of the last action, so no other order occurs.
        case (.planned, .planned), (.attempted, _), (.bisected, _): return .plan
        }
    }

    private mutating func start(_ plan: Plan, _ now: Instant) -> Action {
        if plan.isLive { return succeed(.unchanged, plan) }
        if plan.main == rejected, case .rejected(_, let until) = phase, now < until { return .end(.waiting) }
        step = .planned(plan)
        return .dryRun
    }

    private mutating func quarantine() -> Action {
        step = .quarantining
        return .quarantine
    }

    private mutating func end(_ result: AttemptResult, _ plan: Plan, _ now: Instant) -> Action {
        switch result {
        case .applied:
            isServing = true
            return succeed(.applied, plan)
        case .rejected: return .bisect
        case .failed(let problem):
            guard isServing else { return .abort(problem: problem) }
            let attempts = phase.failures + 1
            return fail(.failed(attempts: attempts, until: now + RetryDelay.afterFailures(attempts)), .failed)
        }
    }

    private mutating func succeed(_ end: End, _ plan: Plan) -> Action {
        phase = plan.hasQuarantined ? .quarantined : .converged
        failuresInARow = 0
        rejected = nil
        return .end(end)
    }

    private mutating func fail(_ phase: Phase, _ end: End) -> Action {
        self.phase = phase
        failuresInARow += 1
        return .end(end)
    }
}

extension ReconcilerState.Phase {
    /// The number of consecutive rejections by nginx.
    fileprivate var rejections: Int { if case .rejected(let attempts, _) = self { attempts } else { 0 } }

    /// The number of consecutive failures to test or reload nginx.
    fileprivate var failures: Int { if case .failed(let attempts, _) = self { attempts } else { 0 } }
}
