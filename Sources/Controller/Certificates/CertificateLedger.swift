internal import Foundation
internal import NginxConfig

/// Who wants which certificate, what became of it, and when to ask next. Pure: time comes in.
struct CertificateLedger {
    /// What an attempt to read brought.
    enum Outcome {
        /// The one that is served is still the one that is there.
        case unchanged
        case found(ServedCertificate)
        case problem(CertificateProblem)
    }

    fileprivate struct Entry {
        var request: CertificateRequest
        var state = CertificateState.pending(nil)
        var good: ServedCertificate?
        var due: ContinuousClock.Instant
        var isReading = false
        var isAnswered = false
    }

    private var entries: [CertificateSubject: Entry] = [:]
    /// What the last run served, until somebody wants it or it is known that nobody does.
    private var seeds: [CertificateSubject: ServedCertificate]

    /// What keeps anything from being read at all.
    private let obstacle: CertificateProblem?

    init(seeds: [CertificateSubject: ServedCertificate] = [:], obstacle: CertificateProblem? = nil) {
        self.seeds = seeds
        self.obstacle = obstacle
    }

    /// Replaces what is wanted. A request that looks elsewhere than before begins anew: what one owner was allowed to
    /// use says nothing of the next.
    mutating func want(_ requests: [CertificateRequest], now: ContinuousClock.Instant) {
        var next: [CertificateSubject: Entry] = [:]
        for request in requests {
            if var entry = entries[request.subject], entry.request.paths == request.paths {
                entry.request = request
                next[request.subject] = entry
            } else {
                next[request.subject] = Entry(
                    request: request, state: .pending(obstacle),
                    good: seeds[request.subject].flatMap { $0.isFrom(request.paths) ? $0 : nil },
                    due: now)
            }
        }
        entries = next
        seeds = [:]
    }

    /// The requests whose time has come; they count as being read until `record`.
    mutating func takeDue(now: ContinuousClock.Instant) -> [(request: CertificateRequest, known: ServedCertificate?)] {
        let due = entries.values.filter { !$0.isReading && $0.due <= now }
        for entry in due { entries[entry.request.subject]?.isReading = true }
        return due.sorted { $0.request.subject < $1.request.subject }.map { ($0.request, $0.good) }
    }

    /// When to look again; nil while nothing is waiting.
    var nextDue: ContinuousClock.Instant? {
        entries.values.lazy.filter { !$0.isReading }.map(\.due).min()
    }

    var isReading: Bool { entries.values.contains { $0.isReading } }

    /// Whether every wanted certificate is there, or was asked for once.
    var isAnswered: Bool { entries.values.allSatisfy { $0.isAnswered || $0.good != nil } }

    /// - Returns: the report of what changed; nil when all is as before, or nobody wants to know any more.
    mutating func record(
        _ outcome: Outcome, of request: CertificateRequest, now: Date, next: ContinuousClock.Instant
    ) -> CertificateReport? {
        guard var entry = entries[request.subject], entry.request.paths == request.paths else { return nil }
        let before = (entry.state, entry.good)
        entry.isReading = false
        entry.isAnswered = true
        entry.due = next
        switch outcome {
        case .unchanged:
            entry.state = .ready
        case .found(let certificate):
            entry.state = .ready
            entry.good = certificate
        case .problem(let problem):
            entry.state = entry.state.after(problem, hasGood: entry.good != nil, now: now)
        }
        entries[request.subject] = entry
        return before == (entry.state, entry.good) ? nil : entry.report
    }

    /// Sorted by subject.
    var reports: [CertificateReport] {
        entries.values.map(\.report).sorted { $0.subject < $1.subject }
    }

    func report(of subject: CertificateSubject) -> CertificateReport? { entries[subject]?.report }

    var served: CertificateSet {
        var set = CertificateSet()
        for entry in entries.values {
            switch entry.request.subject {
            case .host(let host): set.byHost[host] = entry.good
            case .unknownNames: set.fallback = entry.good
            }
        }
        return set
    }
}

extension CertificateLedger.Entry {
    fileprivate var report: CertificateReport {
        CertificateReport(subject: request.subject, owner: request.owner, state: state, certificate: good)
    }
}

extension CertificateState {
    fileprivate func after(_ problem: CertificateProblem, hasGood: Bool, now: Date) -> CertificateState {
        guard hasGood else { return problem.kind == .unavailable ? .pending(problem) : .refused(problem) }
        if case .stale(let since, _) = self { return .stale(since: since, problem) }
        return .stale(since: now, problem)
    }
}

extension ServedCertificate {
    static let vaultPrefix = "vault:"

    /// Whether it was read from one of these paths; one that was issued is nobody else's.
    fileprivate func isFrom(_ paths: [String]) -> Bool {
        !source.hasPrefix(Self.vaultPrefix) || paths.contains(String(source.dropFirst(Self.vaultPrefix.count)))
    }
}
