internal import Basics
internal import Kubernetes
internal import KubernetesAPI

/// The pages of the kubelet's probes: `/healthz` and `/readyz`.
enum HealthPage {
    static func live(_ state: ControllerState, at now: ContinuousClock.Instant) -> AdminPage {
        guard let reason = state.reasonUnhealthy(at: now) else { return AdminPage("ok\n") }
        return AdminPage(status: "503 Service Unavailable", "not healthy: \(reason)\n")
    }

    /// The first line is for the probe. The others show a person at once whether the sources are silent: that is no
    /// reason to take traffic away.
    static func ready(_ state: ControllerState, at now: ContinuousClock.Instant) -> AdminPage {
        let ages = lines(state.activity, lastPass: state.lastPass, at: now).map { $0 + "\n" }.joined()
        guard let reason = state.reasonNotReady else { return AdminPage("ready\n" + ages) }
        return AdminPage(status: "503 Service Unavailable", "not ready: \(reason)\n" + ages)
    }

    static func lines(
        _ activity: [ObjectKind: SourceActivity.Times], lastPass: ContinuousClock.Instant?,
        at now: ContinuousClock.Instant
    ) -> [String] {
        func age(_ instant: ContinuousClock.Instant?) -> String {
            instant.map { "\($0.duration(to: now).components.seconds) s ago" } ?? "never"
        }
        let kinds = activity.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, times in
            "\(kind.rawValue): listed \(age(times.listed)), last watch event \(age(times.event))"
        }
        return kinds + ["last pass: \(age(lastPass))"]
    }
}
