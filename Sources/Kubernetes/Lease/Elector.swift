internal import Foundation
internal import KubernetesAPI

/// Decides the next action from the state of the Lease. Like client-go, it never compares its clock with the times in
/// the lease: it remembers when it first saw the current state.
///
/// | the lease | action |
/// |---|---|
/// | does not exist | create it |
/// | is held by this process | renew it |
/// | is released | acquire it |
/// | has changed since the last read | wait for `retry` |
/// | has not changed for its duration | acquire it |
/// | has not changed, for less than its duration | wait for `retry`, at most until the duration has passed |
struct Elector {
    enum Action: Equatable {
        case create(Lease.Spec)
        /// Only if the lease still has that version.
        case update(Lease.Spec, resourceVersion: String)
        case wait(Duration)
    }

    let identity: String
    let timing: LeaseTiming
    private var observed: (lease: Lease, since: Duration)?

    init(identity: String, timing: LeaseTiming) {
        self.identity = identity
        self.timing = timing
    }

    /// - Parameters:
    ///   - lease: nil if it does not exist.
    ///   - now: the time of a monotonic clock.
    ///   - date: is only written into the lease.
    mutating func step(_ lease: Lease?, now: Duration, date: Date) -> Action {
        guard let lease else {
            observed = nil
            return .create(spec(after: nil, date: date))
        }
        if observed?.lease != lease { observed = (lease, now) }
        let holder = lease.spec?.holderIdentity ?? ""
        let ends = (observed?.since ?? now) + duration(of: lease)
        guard holder == identity || holder.isEmpty || now >= ends else {
            return .wait(min(timing.retry, ends - now))
        }
        return .update(spec(after: lease.spec, date: date), resourceVersion: lease.resourceVersion)
    }

    /// The spec that releases a lease of this process: the next replica that reads it acquires it.
    func release(_ lease: Lease, date: Date) -> Lease.Spec {
        var spec = lease.spec ?? Lease.Spec()
        spec.holderIdentity = ""
        spec.renewTime = Lease.time(date)
        return spec
    }

    /// The duration that the holder wrote, which may differ from the configuration of this process.
    private func duration(of lease: Lease) -> Duration {
        lease.spec?.leaseDurationSeconds.map { .seconds($0) } ?? timing.duration
    }

    private func spec(after old: Lease.Spec?, date: Date) -> Lease.Spec {
        let isRenewal = old?.holderIdentity == identity
        let time = Lease.time(date)
        return Lease.Spec(
            holderIdentity: identity, leaseDurationSeconds: Int(timing.duration.components.seconds),
            acquireTime: isRenewal ? old?.acquireTime : time, renewTime: time,
            leaseTransitions: old.map { ($0.leaseTransitions ?? 0) + (isRenewal ? 0 : 1) } ?? 0)
    }
}
