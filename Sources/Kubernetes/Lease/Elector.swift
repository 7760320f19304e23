internal import Foundation
internal import KubernetesAPI

/// What to do about the lease as it was read. Pure, but for the memory of since when the lease has been as it is, by
/// this process's own clock: like client-go, it never holds its clock against another's.
///
/// | the lease | action |
/// |---|---|
/// | there is none | create it |
/// | is ours | renew it |
/// | was released | take it |
/// | has changed since the last look | wait for `retry` |
/// | has not changed for its duration | take it |
/// | has not changed, for less than that | wait for `retry`, but not past its end |
struct Elector {
    enum Action: Equatable {
        case create(Lease.Spec)
        /// Only if it still is at that version.
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
    ///   - lease: as read; nil where there is none.
    ///   - now: on a clock that never goes back.
    ///   - date: only written into the lease, for people.
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

    /// What releases a lease of ours: the next look of anybody takes it.
    func release(_ lease: Lease, date: Date) -> Lease.Spec {
        var spec = lease.spec ?? Lease.Spec()
        spec.holderIdentity = ""
        spec.renewTime = Lease.time(date)
        return spec
    }

    /// As its holder says; it may have been given other times than we were.
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
