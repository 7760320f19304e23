internal import Kubernetes
internal import KubernetesAPI

/// The changes that no reload has carried to nginx yet. An attempt that fails leaves them for the next one.
struct CauseList {
    private var changes: [ObjectKind: [ObjectKey: Change]] = [:]

    /// The newest change of an object counts.
    mutating func add(_ new: [Change]) {
        for change in new { changes[change.kind, default: [:]][change.key] = change }
    }

    mutating func removeAll() { changes = [:] }

    /// By kind, namespace and name.
    var sorted: [Cause] {
        changes.values.flatMap(\.values).sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
            .map(Cause.init)
    }
}
