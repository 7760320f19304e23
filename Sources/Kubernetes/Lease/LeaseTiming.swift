internal import KubernetesAPI

/// The times of an election. A holder that dies is replaced after `duration` and two reads at most: 10 s and 2 · 2 s.
struct LeaseTiming: Sendable {
    /// A lease that has not changed for so long has no holder any more.
    var duration = Duration.seconds(10)
    /// A holder that could not renew for so long does not act as the leader any more: before anybody else can.
    var renewDeadline = Duration.seconds(7)
    /// Between two renewals, or two looks.
    var retry = Duration.seconds(2)
}
