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
    typealias Registry = SecretRegistry<Request>

    /// The longest time for which reads in progress delay an update, so that many secrets that arrive together cause
    /// one reload.
    private static var longestDelay: Duration { .seconds(1) }

    nonisolated let kind: Kind
    /// Signals when a read or an update may be due earlier than the last answer of `nextDue`.
    nonisolated let wakeUp = WakeUpSignal()
    private let outlets: SecretOutlets
    private let pace: RefreshPace
    private let logger: Logger
    private let executor = QueueExecutor(label: Kind.names.singular)
    private var registry = Registry()
    /// The time of the first change that has not been signalled to the loop.
    private var changedSince: ContinuousClock.Instant?
    private var unwritten: [AuditRecord] = []
    /// The time until which the task that reads waits; nil while it does not wait, or waits for a signal only.
    private var waitsUntil: ContinuousClock.Instant?
    private var isWaiting = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(kind: Kind, outlets: SecretOutlets, pace: RefreshPace, logger: Logger) {
        self.kind = kind
        self.outlets = outlets
        self.pace = pace
        self.logger = logger
    }

    var isAttempted: Bool { registry.isAttempted }
    var isAnswered: Bool { !Kind.isNeededForReadiness || registry.isAnswered }

    /// The reads that are due. A secret whose file is no longer on disk, or has expired, is not confirmed but read again.
    func takeDue() -> [Registry.Read] {
        isWaiting = false
        publishChanges()
        let (now, date) = (ContinuousClock.now, Date())
        let due = registry.takeDue(now: now) { pace.take(now) }
        return due.map { read in
            guard let known = read.known?.stored else { return read }
            var read = read
            if !kind.isOnDisk(known) || Kind.expiry(of: known, now: date) != nil { read.known = nil }
            return read
        }
    }

    /// The time until which the task that reads has to wait, unless `wakeUp` signals; nil if nothing is planned.
    func nextDue() -> ContinuousClock.Instant? {
        waitsUntil = plannedWake
        isWaiting = true
        return waitsUntil
    }

    private var plannedWake: ContinuousClock.Instant? {
        let now = ContinuousClock.now
        let read = registry.nextDue(pause: RefreshBudget.pause).map { $0 <= now ? pace.next(now) : $0 }
        return [read, changedSince.map { $0 + Self.longestDelay }].compactMap { $0 }.min()
    }

    /// Records an answer. A new file is written before anything refers to it.
    func record(_ answer: SourceAnswer<Kind.Content>, of read: Registry.Read) {
        let now = moment
        let waits = Registry.Waits(interval: pace.interval, random: .random(in: 0...1)) { stored in
            Kind.renewal(of: stored).map { .seconds(min(max($0.timeIntervalSince(now.date), 1), 3600)) }
        }
        switch answer {
        case .absent: take(registry.record(.absent, of: read, now: now, waits: waits))
        case .unchanged: take(registry.record(.unchanged, of: read, now: now, waits: waits))
        case .problem(let problem): take(registry.record(.problem(problem), of: read, now: now, waits: waits))
        case .found(let content, let fingerprint):
            var written: Stored?
            take(
                registry.record(.found(fingerprint: fingerprint), of: read, now: now, waits: waits) { request, inUse in
                    outcome(of: kind.check(content, for: request, now: now.date), inUse, now, &written)
                })
        }
        if isWaiting, let next = plannedWake, waitsUntil.map({ next < $0 }) ?? true { wakeUp.signal() }
    }

    private var moment: Registry.Moment {
        let date = Date()
        return Registry.Moment(date: date, instant: .now) { Kind.expiry(of: $0, now: date) }
    }

    private func take(_ changes: [Registry.Change]) {
        for change in changes {
            log(change.after)
            if isAudited(change.after, after: change.before) { unwritten.append(Kind.auditRecord(of: change.after)) }
            changedSince = changedSince ?? .now
        }
        pace.set(registry.refreshed, of: Kind.names.metric)
        publishChanges()
    }

    private func publishChanges() {
        guard let changedSince, !registry.isReading || changedSince + Self.longestDelay <= .now else { return }
        self.changedSince = nil
        outlets.updates.signal()
        if !unwritten.isEmpty { outlets.records.yield(unwritten) }
        unwritten = []
    }

    /// - Parameter written: the file that was written last for the same content.
    private func outcome(
        of answer: SecretAnswer<Stored, Kind.Bytes>, _ inUse: Stored?, _ now: Registry.Moment, _ written: inout Stored?
    ) -> Registry.Outcome {
        func write(_ bytes: Kind.Bytes, _ stored: Stored, then outcome: Registry.Outcome) -> Registry.Outcome {
            if written == stored { return outcome }
            do {
                try kind.write(bytes, as: stored)
                written = stored
                return outcome
            } catch {
                return .problem(SecretProblem(.unavailable, "\(error)"))
            }
        }
        switch answer {
        case .problem(let problem): return .problem(problem)
        case .found(let stored, let bytes): return write(bytes, stored, then: .stored(stored))
        case .flawed(let stored, let bytes, var problem):
            if let inUse, now.expiry(inUse) == nil { return .problem(problem) }
            problem.isOfSecretInUse = true
            return write(bytes, stored, then: .flawed(stored, problem))
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
    func resume(_ served: ServedSecrets, generations: [ServedSecrets]) {
        registry = SecretRegistry(previous: Kind.files(in: served).filter { kind.isOnDisk($0.value) })
        registry.remember(generations.map(Kind.files))
    }

    func want(_ table: RoutingTable, changed: Set<OwnerRef>) {
        let now = moment
        take(
            registry.want(kind.requests(for: table), changed: changed, now: now) {
                kind.isIntact($0, for: $1, now: now.date)
            })
        wakeUp.signal()
    }

    var kindReports: any AnyKindReports { KindReports<Kind>(reports: registry.reports) }

    func cleanup(keeping served: [ServedSecrets]) {
        registry.remember(served.reversed().map(Kind.files))
        kind.removeFiles(except: served.flatMap { Kind.files(in: $0).values } + registry.files.values)
    }
}
