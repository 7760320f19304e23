internal import Kubernetes
internal import KubernetesAPI

/// The values that the metrics are computed from, all read at one moment.
struct MetricsInput: Sendable {
    var values = ControllerState.Values()
    var isReady = false
    var isSynced = false
    var isLeader = false
    var isNginxRunning = false
    var nginxRestarts = 0
    /// In seconds, by kind of object.
    var listAges: [(String, Double)] = []
    var eventAges: [(String, Double)] = []
    /// In seconds; 0 before the first pass.
    var lastPassAge = 0.0
}

extension MetricsInput {
    init(_ state: ControllerState, at now: ContinuousClock.Instant) {
        values = state.current
        isReady = state.reasonNotReady == nil
        isSynced = state.isSynced
        isLeader = state.leadership?.isHeld == true
        isNginxRunning = state.nginxProcess != nil
        nginxRestarts = state.nginxRestarts
        func age(_ instant: ContinuousClock.Instant) -> Double { instant.duration(to: now) / .seconds(1) }
        let activity = state.activity.sorted { $0.key.rawValue < $1.key.rawValue }
        listAges = activity.compactMap { kind, times in times.listed.map { (kind.rawValue, age($0)) } }
        eventAges = activity.compactMap { kind, times in times.event.map { (kind.rawValue, age($0)) } }
        lastPassAge = state.lastPass.map(age) ?? 0
    }
}
