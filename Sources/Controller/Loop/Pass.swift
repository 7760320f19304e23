internal import Audit
internal import Kubernetes
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

/// One pass of the loop: its inputs and its results.
struct Pass {
    let began: ContinuousClock.Instant
    let routedAt: ContinuousClock.Instant
    let snapshot: Snapshot
    /// What the snapshot contains although its source no longer has it.
    let disappearances: [Disappearance]
    /// Hosts without the htpasswd file that they need are closed in it.
    let routed: Router.Result
    let secrets: SecretReports
    /// The time at which the secrets had been collected.
    let collectedAt: ContinuousClock.Instant
    let wanted: Configuration
    var plan: Quarantine.Plan
    var rendered: RenderedConfiguration
    /// The time at which the first plan had been rendered.
    let renderedAt: ContinuousClock.Instant
    /// nginx's message by rejected owner.
    var rejectedOwners: [OwnerRef: String] = [:]
    /// True if `rejectedOwners` have the largest changes, because a test lacked time or memory.
    var isExhausted = false
    var attempt: ReloadAttempt?
    /// When the attempt ended.
    var attemptedAt: ContinuousClock.Instant?

    /// - Parameters:
    ///   - attempt: how the pass ended.
    ///   - now: when.
    func times(_ attempt: ReloadAttempt, now: ContinuousClock.Instant) -> AuditRecord.Reload.Times {
        AuditRecord.Reload.Times(
            route: began.duration(to: routedAt), render: collectedAt.duration(to: renderedAt),
            test: renderedAt.duration(to: now) - attempt.reload, reload: attempt.reload,
            total: began.duration(to: now))
    }
}
