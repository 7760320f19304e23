internal import Kubernetes
internal import KubernetesAPI

/// The changes that nginx does not serve yet. After a failed attempt, they stay for the next one.
struct CauseList {
    private var changes: [ObjectKind: [ObjectKey: Change]] = [:]

    /// Adds changes; the newest change of an object replaces the earlier ones.
    mutating func add(_ new: [Change]) {
        for change in new { changes[change.kind, default: [:]][change.key] = change }
    }

    mutating func removeAll() { changes = [:] }

    /// Sorted by kind, namespace and name.
    var sorted: [Cause] {
        changes.values.flatMap(\.values).sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
            .map(Cause.init)
    }
}
