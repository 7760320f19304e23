internal import Audit
internal import Basics
internal import Foundation
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

/// The secrets of one kind. The loop sets the wanted secrets and uses those that are ready. Reads run concurrently, and
/// neither waits for the other.
actor SecretStore<Kind: SecretKind> {
    typealias Request = Kind.Request
    typealias Stored = Kind.Stored
    typealias Report = SecretReport<Request>

    /// The longest time for which reads in progress delay an update, so that many secrets that arrive together cause
    /// one reload.
    private static var longestDelay: Duration { .seconds(1) }

    nonisolated let kind: Kind
    /// Signals when a read or an update may be due.
    nonisolated let wakeUp = WakeUpSignal()
    private let outlets: SecretOutlets
    private let logger: Logger
    private let executor = QueueExecutor(label: Kind.names.singular)
    private var registry = SecretRegistry<Request>()
    /// The time of the first change that has not been signalled to the loop.
    private var changedSince: ContinuousClock.Instant?
    private var unwritten: [AuditRecord] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(kind: Kind, outlets: SecretOutlets, logger: Logger) {
        self.kind = kind
        self.outlets = outlets
        self.logger = logger
    }

    var isAttempted: Bool { registry.isAttempted }
    var isAnswered: Bool { !Kind.isNeededForReadiness || registry.isAnswered }

    /// The time of the next read or update; nil if none is planned.
    var nextDue: ContinuousClock.Instant? {
        [registry.nextDue, changedSince.map { $0 + Self.longestDelay }].compactMap { $0 }.min()
    }

    /// The requests that are due. A secret whose file is no longer on disk is read again.
    func takeDue() -> [(request: Request, known: Stored?)] {
        publishChanges()
        return registry.takeDue(now: .now).map { request, known in
            (request, known.flatMap { kind.isOnDisk($0) ? $0 : nil })
        }
    }

    /// Records an answer. A new file is written before anything refers to it.
    func record(_ answer: Kind.Answer, of request: Request, next: ContinuousClock.Instant) {
        let before = registry.report(of: request.subject)
        if let report = registry.record(outcome(of: answer), of: request, now: Date(), next: next) {
            log(report)
            if isAudited(report, after: before) { unwritten.append(Kind.auditRecord(of: report)) }
            changedSince = changedSince ?? .now
        }
        publishChanges()
        wakeUp.signal()
    }

    private func publishChanges() {
        guard let changedSince, !registry.isReading || changedSince + Self.longestDelay <= .now else { return }
        self.changedSince = nil
        outlets.updates.signal()
        if !unwritten.isEmpty { outlets.records.yield(unwritten) }
        unwritten = []
    }

    private func outcome(of answer: Kind.Answer) -> SecretRegistry<Request>.Outcome {
        switch answer {
        case .unchanged: return .unchanged
        case .problem(let problem): return .problem(problem)
        case .found(let stored, let content):
            do {
                try kind.write(content, as: stored)
                return .stored(stored)
            } catch {
                return .problem(SecretProblem(.unavailable, "\(error)"))
            }
        }
    }

    /// Writes one line per change of state, not per attempt.
    private func log(_ report: Report) {
        var metadata = report.request.metadata(report.stored)
        metadata["error"] = report.state.problem.map { "\($0.text)" }
        logger.log(
            level: report.state == .ready ? .info : .warning, "\(Kind.names.singular) is \(report.state.name)",
            metadata: metadata)
    }

    /// True if a change has an audit record of its own. The record of a reload covers a new file. A file of the last
    /// run that its source confirms has not changed.
    private func isAudited(_ report: Report, after last: Report?) -> Bool {
        guard report.state == .ready, let stored = report.stored else { return true }
        switch (last?.state, last?.stored) {
        case (.rejected, _), (.stale, _): return true
        case (.ready, let old?): return !Kind.needsReload(from: old, to: stored)
        default: return false
        }
    }
}

extension SecretStore: AnySecretStore {
    func resume(_ served: ServedSecrets) {
        registry = SecretRegistry(previous: Kind.files(in: served).filter { kind.isOnDisk($0.value) })
    }

    func want(_ table: RoutingTable) {
        registry.want(kind.requests(for: table), now: .now)
        wakeUp.signal()
    }

    var kindReports: any AnyKindReports { KindReports<Kind>(reports: registry.reports) }

    func cleanup(keeping served: [ServedSecrets]) {
        kind.removeFiles(except: served.flatMap { Kind.files(in: $0).values } + registry.files.values)
    }
}
