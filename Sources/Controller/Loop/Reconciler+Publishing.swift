internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

internal import struct Foundation.Date

extension Reconciler {
    /// The number of new rejections that are logged per pass. An Ingress can have thousands.
    private static let loggedRejections = 100

    /// Shows what a pass has found in `/status` and the metrics, whether or not nginx is reloaded for it.
    func publish(_ pass: Pass) {
        log(pass.disappearances)
        let known = Set(parts.state.current.rejections.map(\.condition))
        let new = pass.routed.rejections.filter { !known.contains($0.condition) }
        if new.count > Self.loggedRejections {
            logger.warning(
                "more rejections than are logged; /status has all of them", metadata: ["count": "\(new.count)"])
        }
        for rejection in new.prefix(Self.loggedRejections) {
            logger.warning(
                "part of Ingress rejected",
                metadata: [
                    "ingress": "\(rejection.source)", "reason": "\(rejection.reason.name)",
                    "error": "\(rejection.detail)",
                ])
        }
        parts.state.update {
            $0.disappearances = pass.disappearances
            $0.table = pass.routed.table
            $0.rejections = pass.routed.rejections
            $0.budgets = pass.routed.budgets
            $0.secrets = pass.secrets
        }
    }
}

extension ControllerState {
    /// Counts an attempt to change nginx.
    /// - Parameter seconds: the time of all tests of the pass, and of the reload.
    func record(_ attempt: ReloadAttempt, seconds: Double, at time: Date) {
        update { values in
            values.reloads[attempt.result.name, default: 0] += 1
            values.reloadSeconds += seconds
            values.lastError = attempt.result.error
            guard attempt.result == .applied else { return }
            values.generation = attempt.generation
            values.lastApplied = time.timeIntervalSince1970
        }
    }
}

extension Configuration {
    /// The configuration for a table with the available secrets.
    init(table: RoutingTable, _ secrets: ServedSecrets) {
        let used = Set(table.hosts.compactMap(\.htpasswdSource))
        self.init(
            table: table, certificates: secrets.certificates,
            htpasswdFiles: secrets.htpasswdFiles.filter { used.contains($0.source) })
    }
}
