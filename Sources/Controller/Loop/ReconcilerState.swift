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

    private struct Rejected: Equatable {
        let main: String
        let until: Instant
    }

    private struct Exhausted: Equatable {
        var attempts: Int
        var until: Instant
    }

    private(set) var phase = Phase.starting
    /// Consecutive failed attempts to serve the state of the cluster; quarantined owners do not count.
    private(set) var failuresInARow = 0
    /// True if nginx serves anything.
    var isServing = false
    /// The `nginx.conf` that nginx rejected last, and when it is tried again.
    private var rejected: Rejected?
    /// Rejections by nginx and failures to test or reload it, since nginx last served the state of the cluster. They are
    /// counted apart: a configuration that is rejected and times out in turn must not start from the shortest wait.
    private var rejections = 0
    private var failures = 0
    private var step = Step.planning
    /// The rounds of this pass in which the largest changes were chosen.
    private var rounds = 0
    /// The tests that lacked time or memory since nginx last served the state of the cluster.
    private var exhaustedTests = 0
    /// The passes in a row in which a test lacked time or memory, and when the quarantined owners are tried again.
    private var exhausted: Exhausted?

    /// The time of the next retry; nil if only a change causes a new attempt.
    var retry: Instant? {
        switch phase {
        case .starting, .converged, .quarantined: exhausted?.until
        case .rejected(_, let until), .failed(_, let until): min(until, exhausted?.until ?? until)
        }
    }

    /// True if the owners are to be tried again that were quarantined because a test lacked time or memory.
    func isExhaustionRetryDue(_ now: Instant) -> Bool { exhausted.map { now >= $0.until } ?? false }

    /// The owners that were quarantined because a test lacked time or memory are no longer quarantined.
    mutating func exhaustionEnded() {
        exhausted = nil
        if failures == 0 { exhaustedTests = 0 }
    }

    /// - Parameter now: when the event occurs.
    mutating func handle(_ event: Event, now: Instant) -> Action {
        switch (event, step) {
        case (.wake, _):
            step = .planning
            rounds = 0
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
        case (.largestChosen(true), _):
            if rounds == 1 {
                let attempts = (exhausted?.attempts ?? 0) + 1
                exhausted = Exhausted(attempts: attempts, until: now + RetryDelay.afterExhaustions(attempts))
            }
            return quarantine()
        case (.largestChosen(false), .planned(let plan)):
            return end(.failed(problem: "no change is left that could be quarantined"), plan, now)
        case (.bisected(false), .planned(let plan)):
            rejections += 1
            let until = now + RetryDelay.afterRejections(rejections)
            rejected = Rejected(main: plan.main, until: until)
            return fail(.rejected(attempts: rejections, until: until), .rejected)
        case (.attempted(let result), .planned(let plan)):
            return end(result, plan, now)
        // The shell reports the result of the last action, so no other order occurs.
        case (.planned, .planned), (.attempted, _), (.bisected, _), (.largestChosen, _):
            step = .planning
            return .plan
        }
    }

    private mutating func start(_ plan: Plan, _ now: Instant) -> Action {
        if plan.isLive { return succeed(.unchanged, plan) }
        if let rejected, plan.main == rejected.main, now < rejected.until {
            // Another configuration may have failed in between: the retry is that of this one.
            phase = .rejected(attempts: rejections, until: rejected.until)
            return .end(.waiting)
        }
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
        case .exhausted(let problem):
            exhaustedTests += 1
            // One such test may be the fault of the machine, and is tried again.
            guard exhaustedTests > 1 || !isServing, rounds < Self.maximumRounds else {
                return end(.failed(problem: problem), plan, now)
            }
            rounds += 1
            return .chooseLargest(round: rounds, problem: problem)
        case .failed(let problem):
            guard isServing else { return .abort(problem: problem) }
            failures += 1
            return fail(.failed(attempts: failures, until: now + RetryDelay.afterFailures(failures)), .failed)
        }
    }

    private mutating func succeed(_ end: End, _ plan: Plan) -> Action {
        phase = plan.hasQuarantined ? .quarantined : .converged
        failuresInARow = 0
        (rejections, failures, rejected) = (0, 0, nil)
        return .end(end)
    }

    private mutating func fail(_ phase: Phase, _ end: End) -> Action {
        self.phase = phase
        failuresInARow += 1
        return .end(end)
    }
}
