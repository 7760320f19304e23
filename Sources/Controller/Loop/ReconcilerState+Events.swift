/// The states, events and actions of the state machine.
extension ReconcilerState {
    /// The result of the last attempt.
    enum Phase: Sendable, Equatable {
        /// No attempt has ended yet.
        case starting
        /// nginx serves the state of the cluster.
        case converged
        /// nginx serves the state of the cluster, except for the quarantined owners, which are served in their last
        /// good state.
        case quarantined
        /// nginx rejects the configuration, and no owner is the cause. nginx serves the last good configuration.
        case rejected(attempts: Int, until: Instant)
        /// nginx could not be tested or reloaded. It serves the last good configuration.
        case failed(attempts: Int, until: Instant)
    }

    enum Event: Sendable, Equatable {
        /// Something has changed, or a retry is due.
        case wake
        case planned(Plan)
        /// The changed hosts were tested without the others.
        case dryRunEnded(hasRejectedOwners: Bool)
        case attempted(AttemptResult)
        /// The largest changes were chosen, after the test lacked time or memory.
        case largestChosen(hasOwners: Bool)
        /// The bisection has ended, after nginx rejected the whole configuration.
        case bisected(hasRejectedOwners: Bool)
    }

    enum Action: Sendable, Equatable {
        /// Plan and render the current snapshot.
        case plan
        /// Test the changed hosts without the others.
        case dryRun
        /// Quarantine the rejected owners, then plan again.
        case quarantine
        /// Test and reload.
        case apply
        /// Choose the owners of the largest changes for quarantine: the test lacked time or memory. It is not bisected,
        /// because each part would take as long.
        ///
        /// - Parameter round: counts from 1 in one pass. In the last round, all changes are chosen.
        case chooseLargest(round: Int, problem: String)
        /// Bisect the whole configuration to find the rejected owners.
        case bisect
        case end(End)
        /// nginx has not served anything in this run, and cannot be started.
        case abort(problem: String)
    }

    /// The result of a pass.
    enum End: Sendable, Equatable {
        /// nginx serves the plan already.
        case unchanged
        /// nginx has rejected the same configuration before, and the retry is not due.
        case waiting
        case applied
        /// No change remains to be applied: each changed owner is quarantined.
        case quarantined
        case rejected
        case failed
    }

    /// The properties of a plan that decide the next action.
    struct Plan: Sendable, Equatable {
        /// The `nginx.conf`.
        var main: String
        /// True if nginx already serves it.
        var isLive: Bool
        /// True if an owner is quarantined in it.
        var hasQuarantined: Bool
    }

    enum AttemptResult: Sendable, Equatable {
        case applied
        /// `nginx -t` rejects the configuration.
        case rejected
        /// `nginx -t` lacked time or memory.
        case exhausted(problem: String)
        /// nginx could not be tested or reloaded.
        case failed(problem: String)
    }

    /// The rounds of one pass in which the largest changes are quarantined. Each costs one test.
    static let maximumRounds = 3
}
