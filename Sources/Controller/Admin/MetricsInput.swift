internal import Kubernetes

/// The values that the metrics are computed from, all read at one moment.
struct MetricsInput: Sendable {
    var values = ControllerState.Values()
    var isReady = false
    var isSynced = false
    var isLeader = false
    var isNginxRunning = false
    var nginxRestarts = 0
}

extension MetricsInput {
    init(_ state: ControllerState) {
        values = state.current
        isReady = state.reasonNotReady == nil
        isSynced = state.isSynced
        isLeader = state.leadership?.isHeld == true
        isNginxRunning = state.nginxProcess != nil
        nginxRestarts = state.nginxRestarts
    }
}
