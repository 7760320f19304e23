internal import KubernetesAPI

/// The times of an election. A holder that exits without releasing the Lease is replaced after at most `duration` and
/// two reads: 10 s + 2 · 2 s.
struct LeaseTiming: Sendable {
    /// A lease that has not changed for this time has expired.
    var duration = Duration.seconds(10)
    /// A holder that could not renew the lease for this time stops acting as the holder, before the lease expires.
    var renewDeadline = Duration.seconds(7)
    /// The time between two renewals, or between two reads.
    var retry = Duration.seconds(2)
}
