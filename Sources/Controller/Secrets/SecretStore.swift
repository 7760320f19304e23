public import Basics
internal import Foundation
public import Logging
internal import Nginx

/// The secrets of one kind that are wanted and those that there are. The loop wants and uses; the refresher reads and
/// records; neither waits for the other.
public actor SecretStore<Folder: SecretFolder> {
    public typealias Request = Folder.Request

    /// How long news may wait for reads that are under way, so that many secrets that arrive together make one reload.
    private static var gathering: Duration { .seconds(1) }

    /// What became of secrets, as far as no reload tells of it; those of one moment together. For a single consumer.
    nonisolated let changes: AsyncStream<[SecretReport<Request>]>
    /// One element when there may be something to read.
    nonisolated let wakeups: AsyncStream<Void>
    private nonisolated let changed: WakeUpSignal
    private nonisolated let wakeupSignal: AsyncStream<Void>.Continuation
    private nonisolated let changeSignal: AsyncStream<[SecretReport<Request>]>.Continuation

    private let folder: Folder
    private let logger: Logger
    private let executor = QueueExecutor(label: Request.noun)
    private var ledger = SecretRegistry<Request>()
    /// Since when there is something that the loop has not been told.
    private var newsSince: ContinuousClock.Instant?
    /// What `changes` has not told yet.
    private var untold: [SecretReport<Request>] = []

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter changed: signalled after each change of what `reports` or `kept` say.
    public init(folder: Folder, changed: WakeUpSignal, logger: Logger) {
        self.changed = changed
        self.folder = folder
        self.logger = logger
        (wakeups, wakeupSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (changes, changeSignal) = AsyncStream.makeStream()
    }

    /// Begins with what the last run used, as far as it is there.
    func resume(_ seeds: [Request.Subject: Request.Kept]) {
        ledger = SecretRegistry(seeds: seeds.filter { folder.holds($0.value) })
    }

    /// Replaces what is wanted.
    func want(_ requests: [Request]) {
        ledger.want(requests, now: .now)
        wakeupSignal.yield()
    }

    /// What can be used now.
    var kept: [Request.Subject: Request.Kept] { ledger.kept }
    /// Sorted by subject.
    var reports: [SecretReport<Request>] { ledger.reports }
    var isAnswered: Bool { ledger.isAnswered }

    /// When there is something to read, or news to deliver that a slow read must not hold back any longer.
    var nextDue: ContinuousClock.Instant? {
        [ledger.nextDue, newsSince.map { $0 + Self.gathering }].compactMap { $0 }.min()
    }

    /// What is no longer on the disk is not known: it is read again.
    func takeDue() -> [(request: Request, known: Request.Kept?)] {
        deliverNews()
        return ledger.takeDue(now: .now).map { request, known in
            (request, known.flatMap { folder.holds($0) ? $0 : nil })
        }
    }

    nonisolated func wake() { wakeupSignal.yield() }

    /// Keeps what was read. It is on the disk before anybody is told of it.
    func record(_ answer: SecretAnswer<Folder.Content>, of request: Request, next: ContinuousClock.Instant) {
        let before = ledger.report(of: request.subject)
        let report = ledger.record(outcome(of: answer, request), of: request, now: Date(), next: next)
        if let report {
            log(report)
            if report.isNewsWithoutReload(after: before) { untold.append(report) }
            newsSince = newsSince ?? .now
        }
        deliverNews()
        wakeupSignal.yield()
    }

    /// Removes the files that neither a generation nor the ledger refers to.
    func removeUnneeded(referenced: Set<Folder.Name>) {
        folder.removeAll(except: referenced.union(ledger.kept.values.map(folder.name)))
    }

    private func deliverNews() {
        guard let newsSince, !ledger.isReading || newsSince + Self.gathering <= .now else { return }
        self.newsSince = nil
        changed.signal()
        if !untold.isEmpty { changeSignal.yield(untold) }
        untold = []
    }

    private func outcome(of answer: SecretAnswer<Folder.Content>, _ request: Request) -> SecretAnswer<Request.Kept> {
        switch answer {
        case .unchanged: return .unchanged
        case .problem(let problem): return .problem(problem)
        case .found(let content):
            do {
                return .found(try folder.keep(content, for: request))
            } catch {
                return .problem(SecretProblem(.unavailable, "\(error)"))
            }
        }
    }

    /// One line for a change of state, not for a try.
    private func log(_ report: SecretReport<Request>) {
        var metadata = report.request.metadata(report.kept)
        metadata["reason"] = "\(report.state.problem?.text ?? "")"
        logger.log(
            level: report.state == .ready ? .info : .warning, "\(Request.noun) is \(report.state.name)",
            metadata: metadata)
    }
}

extension SecretReport {
    /// Whether this is to be told by itself. What arrives goes live with a reload, whose line tells of it; what the last
    /// run used and Vault confirms is no news.
    fileprivate func isNewsWithoutReload(after last: SecretReport?) -> Bool {
        guard state == .ready, let kept else { return true }
        switch (last?.state, last?.kept) {
        case (.refused, _), (.stale, _): return true
        case (.ready, let old?): return !Request.needsReload(from: old, to: kept)
        default: return false
        }
    }
}
