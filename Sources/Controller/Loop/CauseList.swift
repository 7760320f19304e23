internal import Kubernetes
internal import KubernetesAPI

/// The changes that nginx does not serve yet. After a failed attempt, they stay for the next one.
struct CauseList {
    private var changes: [ObjectKind: [ObjectKey: Change]] = [:]
    /// The change of the host policy.
    private var policy: Cause?

    /// Adds changes; the newest change of an object replaces the earlier ones.
    mutating func add(_ new: [Change]) {
        for change in new { changes[change.kind, default: [:]][change.key] = change }
    }

    /// Adds a change of the host policy; nil adds nothing.
    mutating func add(policy cause: Cause?) { policy = cause ?? policy }

    mutating func removeAll() {
        changes = [:]
        policy = nil
    }

    /// Sorted by kind, namespace and name, after a change of the host policy.
    var sorted: [Cause] {
        [policy].compactMap(\.self)
            + changes.values.flatMap(\.values).sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
            .map(Cause.init)
    }
}
