internal import Audit
internal import Basics
internal import Certificates
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

internal import struct Foundation.Date

extension Reconciler {
    private static let cleanupInterval = Duration.seconds(10)

    /// Records how a pass ended, and reports it.
    func finish(_ end: ReconcilerState.End, _ pass: Pass) async {
        if !quarantine.hasLargest { state.exhaustionEnded() }
        switch end {
        case .waiting: return
        case .unchanged: await finishUnchanged(pass)
        case .applied, .quarantined, .rejected, .failed: await finishAttempt(end, pass)
        }
        parts.state.update {
            $0.quarantined = quarantine.problems
            $0.failuresInARow = state.failuresInARow
        }
        guard end != .rejected, end != .failed else { return }
        takeovers.prune(pass.rendered.configuration.table, now: now().timeIntervalSince1970)
        parts.state.update {
            $0.isConverged = true
            $0.takeovers = takeovers.entries
        }
        await parts.report(
            LivePass(
                snapshot: pass.snapshot, routed: pass.routed, certificates: await parts.secrets.reports.certificates,
                quarantined: quarantine.problems, takeovers: takeovers.entries, disappearances: pass.disappearances))
    }

    private func finishUnchanged(_ pass: Pass) async {
        let configuration = pass.rendered.configuration
        await audit { [causes] in
            $0.unchanged(configuration, pass.routed.rejections, causes: causes.sorted)
        }
        causes.removeAll()
        // nginx serves the same; versions in Vault, for example, may be newer.
        if live != nil { live?.configuration = configuration }
    }

    func finishAttempt(_ end: ReconcilerState.End, _ pass: Pass) async {
        let attempt = end == .quarantined ? quarantinedAttempt : pass.attempt ?? quarantinedAttempt
        let times = pass.times(attempt, now: .now)
        let new = pass.rendered.configuration
        let diff = ConfigurationDiff(from: applied, to: new)
        let taken = HostTakeover.list(from: applied ?? previous, to: new)
        throttle.didReload(at: pass.attemptedAt ?? .now)
        hasReloaded = true
        await audit { [causes] in
            $0.attempted(
                AuditTrail.Attempt(
                    result: attempt, new: new, diff: diff, taken: taken,
                    sha256: try? SHA256.hex(of: pass.rendered.main),
                    rejections: pass.routed.rejections, causes: causes.sorted,
                    times: times))
        }
        parts.state.record(attempt, seconds: (times.test + times.reload) / 1000, at: now())
        // The quarantine is logged already.
        if end != .quarantined { log(attempt) }
        guard attempt.result == .applied else { return }
        live = pass.rendered
        applied = new
        report(taken)
        causes.removeAll()
        await removeUnusedNames(new.table)
        if unusedFiles.mayExist(after: diff) { await removeUnusedFilesSoon() }
    }

    /// At once, or later if that was done shortly before: with thousands of certificates it takes longer than a reload.
    private func removeUnusedFilesSoon() async {
        let due = lastCleanup.map { $0 + Self.cleanupInterval } ?? .now
        if due <= .now { await removeUnusedFiles() } else { nextCleanup = min(nextCleanup ?? due, due) }
    }

    func removeUnusedFiles() async {
        lastCleanup = .now
        nextCleanup = nil
        if let live { await parts.store.removeLinks(except: Set(live.configuration.linkedCertificates.keys)) }
        do throws(FileError) {
            await parts.secrets.cleanup(keeping: try await parts.store.servedSecrets())
        } catch {
            logger.warning("cannot remove unused certificates and htpasswd files", metadata: ["error": "\(error)"])
        }
    }

    /// The attempt of a pass in which every changed Ingress was quarantined, so there was no reload.
    private var quarantinedAttempt: ReloadAttempt {
        let first = quarantine.problems.min { $0.key < $1.key }
        return ReloadAttempt(
            generation: nil, result: .rejected(first.map { "\($0.key.qualified): \($0.value)" } ?? ""), test: .zero,
            reload: .zero)
    }

    /// Counts and logs the takeovers of an applied configuration; Events follow from the history.
    private func report(_ taken: [HostTakeover]) {
        guard !taken.isEmpty else { return }
        takeovers.add(taken, at: now().timeIntervalSince1970)
        parts.state.update { $0.hostTakeovers += taken.count }
        for takeover in taken.prefix(TakeoverHistory.maximum) {
            logger.warning(
                "host has a new owner",
                metadata: ["host": "\(takeover.host)", "ingress": "\(takeover.to)", "previous": "\(takeover.from)"])
        }
    }

    private func log(_ attempt: ReloadAttempt) {
        switch attempt.result {
        case .applied: break
        case .rejected(let problem):
            logger.error("nginx rejects the configuration", metadata: metadata(problem))
        case .exhausted(let problem), .failed(let problem):
            logger.error("configuration not applied", metadata: metadata(problem))
        }
    }

    private func metadata(_ problem: String) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["error": "\(problem)"]
        if let retry = state.retry { metadata["retry_in"] = "\(ContinuousClock.now.duration(to: retry).inLog)" }
        return metadata
    }
}
