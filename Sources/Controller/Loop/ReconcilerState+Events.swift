/// The states, events and actions of the state machine.
extension ReconcilerState {
    /// How the last attempt ended.
    enum Phase: Sendable, Equatable {
        /// No attempt has ended yet.
        case starting
        /// nginx serves what the source says.
        case converged
        /// nginx serves what the source says, except for the owners that are held at their last good state.
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
        case dryRunEnded(hasCulprits: Bool)
        case attempted(AttemptResult)
        /// The culprits were looked for, after nginx had rejected the whole configuration.
        case bisected(hasCulprits: Bool)
    }

    enum Action: Sendable, Equatable {
        /// Plan and render what the source says.
        case plan
        /// Test the changed hosts without the others.
        case dryRun
        /// Hold the culprits at their last good state, then plan again.
        case hold
        /// Test and reload.
        case apply
        /// Look for culprits in the whole configuration.
        case bisect
        case end(End)
        /// nginx has not served anything in this run, and cannot be started.
        case abort(problem: String)
    }

    /// How a pass ends.
    enum End: Sendable, Equatable {
        /// nginx serves the plan already.
        case unchanged
        /// nginx has rejected the same configuration before, and the retry is not due.
        case waiting
        case applied
        /// Nothing remains of the change: each owner that changed is held.
        case quarantined
        case rejected
        case failed
    }

    /// What decides about a plan.
    struct Plan: Sendable, Equatable {
        /// The `nginx.conf`.
        var main: String
        /// Whether nginx serves it already.
        var isLive: Bool
        /// Whether an owner is held in it.
        var isHolding: Bool
    }

    enum AttemptResult: Sendable, Equatable {
        case applied
        /// `nginx -t` rejects the configuration.
        case rejected
        /// nginx could not be tested or reloaded.
        case failed(problem: String)
    }
}
