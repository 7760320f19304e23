internal import Certificates
internal import Foundation
public import Logging
public import Nginx
internal import NginxConfig

/// The certificates that are wanted and those that there are. The loop wants and serves; the refresher reads and
/// records; neither waits for the other.
public actor CertificateStore {
    /// How long news may wait for reads that are under way, so that many certificates that arrive together make one
    /// reload.
    private static let gathering = Duration.seconds(1)

    /// One element after each change of what `reports` or `served` say.
    public nonisolated let news: AsyncStream<Void>
    /// What became of certificates, as far as no reload tells of it; those of one moment together. For a single consumer.
    nonisolated let changes: AsyncStream<[CertificateReport]>
    /// One element when there may be something to read.
    nonisolated let wakeups: AsyncStream<Void>
    private nonisolated let newsSignal: AsyncStream<Void>.Continuation
    private nonisolated let wakeupSignal: AsyncStream<Void>.Continuation
    private nonisolated let changeSignal: AsyncStream<[CertificateReport]>.Continuation

    private let folder: CertificateFolder
    private let logger: Logger
    private let executor = QueueExecutor(label: "certificates")
    private let obstacle: CertificateProblem?
    private var ledger: CertificateLedger
    /// Since when there is something that the loop has not been told.
    private var newsSince: ContinuousClock.Instant?
    /// What `changes` has not told yet.
    private var untold: [CertificateReport] = []

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter isRead: false when there is no Vault, and what the last run served is all there is.
    public init(folder: CertificateFolder, isRead: Bool, logger: Logger) {
        self.folder = folder
        obstacle = isRead ? nil : CertificateProblem(.missing, "no Vault is configured (VAULT_ADDR)")
        ledger = CertificateLedger(obstacle: obstacle)
        self.logger = logger
        (news, newsSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (wakeups, wakeupSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (changes, changeSignal) = AsyncStream.makeStream()
    }

    /// Begins with what the last run served, as far as its files are there.
    func resume(_ certificates: CertificateSet) {
        var seeds: [CertificateSubject: ServedCertificate] = [:]
        for (host, certificate) in certificates.byHost { seeds[.host(host)] = certificate }
        seeds[.unknownNames] = certificates.fallback
        ledger = CertificateLedger(
            seeds: seeds.filter { folder.contains($0.value.address) }, obstacle: obstacle)
    }

    /// Replaces what is wanted.
    ///
    /// - Returns: what can be served of it now.
    func want(_ requests: [CertificateRequest]) -> CertificateSet {
        ledger.want(requests, now: .now)
        wakeupSignal.yield()
        return ledger.served
    }

    var served: CertificateSet { ledger.served }
    var reports: [CertificateReport] { ledger.reports }
    var isAnswered: Bool { ledger.isAnswered }

    /// When there is something to read, or news to deliver that a slow read must not hold back any longer.
    var nextDue: ContinuousClock.Instant? {
        [ledger.nextDue, newsSince.map { $0 + Self.gathering }].compactMap { $0 }.min()
    }

    func takeDue() -> [(request: CertificateRequest, known: ServedCertificate?)] {
        deliverNews()
        return ledger.takeDue(now: .now)
    }

    nonisolated func wake() { wakeupSignal.yield() }

    /// Keeps what was read. A certificate is on the disk before anybody is told of it.
    func record(_ answer: CertificateReader.Answer, of request: CertificateRequest, next: ContinuousClock.Instant) {
        let before = ledger.report(of: request.subject)
        let report = ledger.record(outcome(of: answer), of: request, now: Date(), next: next)
        if let report {
            log(report)
            if report.isNewsWithoutReload(after: before) { untold.append(report) }
            newsSince = newsSince ?? .now
        }
        deliverNews()
        wakeupSignal.yield()
    }

    /// Removes the files that neither a generation nor the ledger refers to.
    func removeUnneeded(referenced: Set<ContentAddress>) {
        let served = ledger.served
        let own = served.byHost.values.map(\.address) + [served.fallback?.address].compactMap { $0 }
        folder.removeAll(except: referenced.union(own))
    }

    private func deliverNews() {
        guard let newsSince, !ledger.isReading || newsSince + Self.gathering <= .now else { return }
        self.newsSince = nil
        newsSignal.yield()
        if !untold.isEmpty { changeSignal.yield(untold) }
        untold = []
    }

    private func outcome(of answer: CertificateReader.Answer) -> CertificateLedger.Outcome {
        switch answer {
        case .unchanged: return .unchanged
        case .problem(let problem): return .problem(problem)
        case .found(let bundle, let source, let version):
            do {
                let address = try ContentAddress(bundle.sha256)
                try bundle.key.withUnsafeBytes { key throws(FileError) in
                    try folder.write(address, chain: bundle.chainPEM, key: key)
                }
                return .found(
                    ServedCertificate(
                        address: address, notBefore: Int(bundle.leaf.notBefore.timeIntervalSince1970),
                        notAfter: Int(bundle.leaf.notAfter.timeIntervalSince1970), source: source, version: version))
            } catch {
                return .problem(CertificateProblem(.unavailable, "\(error)"))
            }
        }
    }

    /// One line for a change of state, not for a try.
    private func log(_ report: CertificateReport) {
        let level: Logger.Level = report.state == .ready ? .info : .warning
        logger.log(
            level: level, "certificate is \(report.state.name)",
            metadata: [
                "host": "\(report.subject)", "ingress": "\(report.owner.map { "\($0)" } ?? "-")",
                "reason": "\(report.state.problem?.text ?? "")", "source": "\(report.certificate?.source ?? "-")",
                "notAfter": "\(report.certificate?.expiry ?? "-")",
            ])
    }
}

extension CertificateReport {
    /// Whether this is to be told by itself. A certificate that arrives or is replaced is served with a reload, whose
    /// line tells of it; one that the last run served and Vault confirms is no news.
    fileprivate func isNewsWithoutReload(after last: CertificateReport?) -> Bool {
        guard state == .ready else { return true }
        switch last?.state {
        case .refused, .stale: return true
        case .ready: return certificate?.address == last?.certificate?.address
        case .pending, nil: return false
        }
    }
}

extension ServedCertificate {
    /// RFC 3339, in UTC.
    var expiry: String {
        Date(timeIntervalSince1970: Double(notAfter)).formatted(.iso8601)
    }
}
