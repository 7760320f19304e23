import Testing

@testable import Controller

@Suite("What the reconciliation loop does next")
struct ReconcilerStateTests {
    private typealias State = ReconcilerState

    /// One pass as the shell would perform it: what each action leads to.
    private struct World: Sendable {
        /// The `nginx.conf` of the current snapshot.
        var main = "new"
        /// The `nginx.conf` that nginx serves.
        var live: String? = "old"
        /// What the first plan becomes when its rejected owners are quarantined; nil if the dry run finds none.
        var dryRunLeaves: String?
        /// What remains each time that the rejected owners in the whole are quarantined; none are found when this is
        /// empty.
        var bisectionsLeave: [String] = []
        /// What remains each time that the largest changes are quarantined; none are left when this is empty.
        var largestLeave: [String] = []
        var results: [State.AttemptResult] = [.applied]
        var hasQuarantined = false
    }

    private let start = ContinuousClock.now

    private func state(isServing: Bool = true) -> State {
        var state = State()
        state.isServing = isServing
        return state
    }

    /// Performs one pass.
    ///
    /// - Returns: how it ends, and the actions on the way.
    private func pass(
        _ state: inout State, _ world: World, at now: ContinuousClock.Instant
    ) throws -> (last: State.Action, actions: [State.Action]) {
        var world = world
        var actions: [State.Action] = []
        var action = state.handle(.wake, now: now)
        func plan() -> State.Event {
            .planned(.init(main: world.main, isLive: world.main == world.live, hasQuarantined: world.hasQuarantined))
        }
        var leaves: String?
        while actions.count < 50 {
            actions.append(action)
            let event: State.Event
            switch action {
            case .end, .abort: return (action, actions)
            case .plan: event = plan()
            case .dryRun:
                leaves = world.dryRunLeaves
                event = .dryRunEnded(hasRejectedOwners: leaves != nil)
            case .bisect:
                leaves = world.bisectionsLeave.isEmpty ? nil : world.bisectionsLeave.removeFirst()
                event = .bisected(hasRejectedOwners: leaves != nil)
            case .chooseLargest:
                leaves = world.largestLeave.isEmpty ? nil : world.largestLeave.removeFirst()
                event = .largestChosen(hasOwners: leaves != nil)
            case .quarantine:
                world.main = leaves ?? world.main
                world.hasQuarantined = true
                event = plan()
            case .apply:
                let result = world.results.isEmpty ? .applied : world.results.removeFirst()
                if result == .applied { world.live = world.main }
                event = .attempted(result)
            }
            action = state.handle(event, now: now)
        }
        Issue.record("the pass does not end: \(actions)")
        return (action, actions)
    }

    // MARK: The faults of docs/reliability.md that the loop decides, with their retry times

    private struct Row: Sendable, CustomTestStringConvertible {
        let fault: String
        let world: World
        let phase: @Sendable (ContinuousClock.Instant) -> State.Phase
        let actions: [State.Action]
        var failures = 0

        var testDescription: String { fault }
    }

    private static let failed = State.AttemptResult.failed(problem: "no space")

    private static let rows: [Row] = [
        Row(
            fault: "a change is tested and applied", world: World(), phase: { _ in .converged },
            actions: [.plan, .dryRun, .apply, .end(.applied)]),
        Row(
            fault: "nginx serves what the source says already", world: World(live: "new"), phase: { _ in .converged },
            actions: [.plan, .end(.unchanged)]),
        Row(
            fault: "nginx rejects one Ingress alone: it is quarantined, the other changes go live",
            world: World(dryRunLeaves: "rest"), phase: { _ in .quarantined },
            actions: [.plan, .dryRun, .quarantine, .apply, .end(.applied)]),
        Row(
            fault: "the only change is an Ingress that nginx rejects: nothing is applied, and that is not a failure",
            world: World(dryRunLeaves: "old"), phase: { _ in .quarantined },
            actions: [.plan, .dryRun, .quarantine, .end(.quarantined)]),
        Row(
            fault: "nginx rejects two Ingresses together: the younger one is quarantined",
            world: World(bisectionsLeave: ["rest"], results: [.rejected, .applied]), phase: { _ in .quarantined },
            actions: [.plan, .dryRun, .apply, .bisect, .quarantine, .apply, .end(.applied)]),
        Row(
            fault: "nginx rejects the substitute of a quarantined Ingress too: the next substitute is tried",
            world: World(bisectionsLeave: ["less", "least"], results: [.rejected, .rejected, .applied]),
            phase: { _ in .quarantined },
            actions: [
                .plan, .dryRun, .apply, .bisect, .quarantine, .apply, .bisect, .quarantine, .apply, .end(.applied),
            ]),
        Row(
            fault: "the rejected owners are found only in the whole, and nothing remains of the change",
            world: World(bisectionsLeave: ["old"], results: [.rejected]), phase: { _ in .quarantined },
            actions: [.plan, .dryRun, .apply, .bisect, .quarantine, .end(.quarantined)]),
        Row(
            fault: "nginx rejects the configuration and no Ingress is the cause: tried again after 30 s",
            world: World(results: [.rejected]), phase: { .rejected(attempts: 1, until: $0 + .seconds(30)) },
            actions: [.plan, .dryRun, .apply, .bisect, .end(.rejected)], failures: 1),
        Row(
            fault:
                "nginx rejects a reload, does not answer, its test hangs, or the disk is full: tried again after 1 s",
            world: World(results: [failed]), phase: { .failed(attempts: 1, until: $0 + .seconds(1)) },
            actions: [.plan, .dryRun, .apply, .end(.failed)], failures: 1),
    ]

    @Test("each fault leads to its actions and its state", arguments: rows)
    private func faults(_ row: Row) throws {
        var state = state()
        #expect(try pass(&state, row.world, at: start).actions == row.actions)
        #expect(state.phase == row.phase(start))
        #expect(state.failuresInARow == row.failures)
    }

    private static let exhausted = State.AttemptResult.exhausted(problem: "killed")

    @Test(
        "a test that lacks time or memory is tried once more; then the largest changes are quarantined, in three rounds"
    )
    func exhaustion() throws {
        var state = state()
        #expect(try pass(&state, World(results: [Self.exhausted]), at: start).last == .end(.failed))
        #expect(state.retry == start + .seconds(1))
        var now = start + .seconds(1)
        let world = World(
            largestLeave: ["rest", "less"], results: [Self.exhausted, Self.exhausted, .applied], hasQuarantined: true)
        for (count, minutes) in [1, 5, 15, 60, 60].enumerated() {
            #expect(
                try pass(&state, world, at: now).actions == [
                    .plan, .dryRun, .apply, .chooseLargest(round: 1, problem: "killed"), .quarantine, .apply,
                    .chooseLargest(round: 2, problem: "killed"), .quarantine, .apply, .end(.applied),
                ], "\(count)")
            #expect(state.phase == .quarantined && state.failuresInARow == 0)
            let due = now + .seconds(60 * minutes)
            #expect(state.retry == due)
            #expect(!state.isExhaustionRetryDue(due - .seconds(1)) && state.isExhaustionRetryDue(due))
            now = due
        }
        _ = try pass(&state, World(), at: now)
        state.exhaustionEnded()
        #expect(state.phase == .converged && state.retry == nil)
    }

    @Test("a test that lacks time or memory ends the pass after three rounds, or if no change is left")
    func exhaustionEnds() throws {
        var state = state(isServing: false)
        let all = World(
            largestLeave: ["a", "b", "c"], results: Array(repeating: Self.exhausted, count: 4), hasQuarantined: true)
        let (last, actions) = try pass(&state, all, at: start)
        #expect(last == .abort(problem: "killed"))
        #expect(actions.count { $0 == .apply } == 4)
        state.isServing = true
        let none = try pass(&state, World(results: [Self.exhausted]), at: start)
        #expect(none.last == .end(.failed))
    }

    @Test("a failed reload is tried again after 1, 2, 4, 8, 16, 30, 30 s")
    func failureRetries() throws {
        var state = state()
        var now = start
        for (count, seconds) in [1, 2, 4, 8, 16, 30, 30].enumerated() {
            _ = try pass(&state, World(results: [Self.failed]), at: now)
            #expect(state.phase == .failed(attempts: count + 1, until: now + .seconds(seconds)))
            #expect(state.retry == now + .seconds(seconds))
            now += .seconds(seconds)
        }
        #expect(state.failuresInARow == 7)
        _ = try pass(&state, World(), at: now)
        #expect(state.phase == .converged && state.retry == nil && state.failuresInARow == 0)
    }

    @Test("a rejected configuration is tried again after 30 s, 1, 2, 4, 5, 5 min, and not before")
    func rejectionRetries() throws {
        var state = state()
        var now = start
        for (count, seconds) in [30, 60, 120, 240, 300, 300].enumerated() {
            #expect(try pass(&state, World(results: [.rejected]), at: now).last == .end(.rejected))
            #expect(state.phase == .rejected(attempts: count + 1, until: now + .seconds(seconds)))
            let early = now + .seconds(seconds - 1)
            #expect(try pass(&state, World(), at: early).actions == [.plan, .end(.waiting)])
            #expect(state.retry == now + .seconds(seconds), "an early wake-up does not move the retry")
            now += .seconds(seconds)
        }
    }

    @Test("a change is tried at once, whatever was rejected or failed before", arguments: [.rejected, failed])
    private func changeIsTriedAtOnce(_ result: State.AttemptResult) throws {
        var state = state()
        _ = try pass(&state, World(results: [result]), at: start)
        let (last, _) = try pass(&state, World(main: "another"), at: start + .milliseconds(1))
        #expect(last == .end(.applied))
        #expect(state.phase == .converged)
    }

    @Test("rejections and failures are counted apart, until nginx serves the state of the cluster")
    func mixedFailures() throws {
        var state = state()
        _ = try pass(&state, World(results: [.rejected]), at: start)
        _ = try pass(&state, World(main: "another", results: [Self.failed]), at: start)
        #expect(state.phase == .failed(attempts: 1, until: start + .seconds(1)))
        #expect(state.failuresInARow == 2)
        let (early, _) = try pass(&state, World(results: [.rejected]), at: start + .seconds(1))
        #expect(early == .end(.waiting))
        #expect(state.phase == .rejected(attempts: 1, until: start + .seconds(30)))
        _ = try pass(&state, World(results: [.rejected]), at: start + .seconds(30))
        #expect(state.phase == .rejected(attempts: 2, until: start + .seconds(90)))
        _ = try pass(&state, World(main: "another", results: [Self.failed]), at: start + .seconds(31))
        #expect(state.phase == .failed(attempts: 2, until: start + .seconds(33)))
        _ = try pass(&state, World(main: "good"), at: start + .seconds(40))
        _ = try pass(&state, World(main: "another", results: [Self.failed]), at: start + .seconds(50))
        #expect(state.phase == .failed(attempts: 1, until: start + .seconds(51)))
    }

    @Test("an Ingress that nginx rejects ends a row of failures: what can be served is live")
    func quarantineEndsFailures() throws {
        var state = state()
        _ = try pass(&state, World(results: [Self.failed]), at: start)
        _ = try pass(&state, World(dryRunLeaves: "old"), at: start)
        #expect(state.phase == .quarantined && state.failuresInARow == 0 && state.retry == nil)
    }

    @Test("a quarantined Ingress stays quarantined while nothing changes, and the state shows it")
    func staysQuarantined() throws {
        var state = state()
        _ = try pass(&state, World(dryRunLeaves: "old"), at: start)
        let (last, _) = try pass(&state, World(main: "old", hasQuarantined: true), at: start)
        #expect(last == .end(.unchanged))
        #expect(state.phase == .quarantined)
        _ = try pass(&state, World(main: "old"), at: start)
        #expect(state.phase == .converged)
    }

    @Test("nginx that cannot be started with the first generation ends the controller; later it is tried again")
    func firstStart() throws {
        var state = state(isServing: false)
        #expect(
            try pass(&state, World(live: nil, results: [Self.failed]), at: start).last == .abort(problem: "no space"))
        _ = try pass(&state, World(live: nil), at: start)
        #expect(state.isServing)
        #expect(try pass(&state, World(main: "another", results: [Self.failed]), at: start).last == .end(.failed))
    }

    @Test("a first generation that nginx rejects is tried again: the next change may repair it")
    func firstRejection() throws {
        var state = state(isServing: false)
        #expect(try pass(&state, World(live: nil, results: [.rejected]), at: start).last == .end(.rejected))
        #expect(!state.isServing)
    }
}
