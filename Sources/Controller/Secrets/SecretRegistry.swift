internal import Foundation

/// The table of wanted secrets: the state of each, the file in use, and the time of the next read. Pure: the caller
/// passes the time.
struct SecretRegistry<Request: SecretRequest> {
    typealias Subject = Request.Subject
    typealias Stored = Request.Stored

    /// The result of a read, once the file is on disk.
    enum Outcome {
        case unchanged
        case stored(Stored)
        case problem(SecretProblem)
    }

    private struct Entry {
        var request: Request
        var state = SecretState.pending(nil)
        var good: Stored?
        var due: ContinuousClock.Instant
        var isReading = false
        var isAttempted = false
        /// Whether a source has answered, be it that the secret is missing or denied.
        var isAnswered = false

        /// Without the version if the source has denied the file: what it has now must be read, whatever its version is. An
        /// outage says nothing about the file.
        var known: Stored? {
            guard case .stale(_, let problem) = state, problem.isAnswer else { return good }
            var known = good
            known?.forgetVersion()
            return known
        }

        var report: SecretReport<Request> { SecretReport(request: request, state: state, stored: good) }
    }

    private var entries: [Subject: Entry] = [:]
    /// The files of the last run. The first call of `want` takes those it may use and drops the rest.
    private var previous: [Subject: Stored]
    /// The subjects of the first call of `want`; nil before it.
    private var initial: Set<Subject>?

    init(previous: [Subject: Stored] = [:]) {
        self.previous = previous
    }

    /// Replaces the wanted secrets. A request with other sources than before starts as pending. It inherits the file of
    /// its predecessor only if both have the same owner: one owner's permission does not extend to the next.
    mutating func want(_ requests: [Request], now: ContinuousClock.Instant) {
        var next: [Subject: Entry] = [:]
        for request in requests {
            let last = entries[request.subject]
            if var entry = last, entry.request.hasSameSources(as: request) {
                entry.request = request
                next[request.subject] = entry
            } else {
                let usable = previous[request.subject].flatMap { request.mayUse($0) ? $0 : nil }
                let inherited = last.flatMap { request.mayInherit(from: $0.request) ? $0.good : nil }
                next[request.subject] = Entry(request: request, good: inherited ?? usable, due: now)
            }
        }
        entries = next
        previous = [:]
        initial = initial ?? Set(next.keys)
    }

    /// The requests that are due, sorted by subject. They count as being read until `record`.
    mutating func takeDue(now: ContinuousClock.Instant) -> [(request: Request, known: Stored?)] {
        let due = entries.values.filter { !$0.isReading && $0.due <= now }
        for entry in due { entries[entry.request.subject]?.isReading = true }
        return due.sorted { $0.request.subject < $1.request.subject }.map { ($0.request, $0.known) }
    }

    /// The time of the next read; nil if none is planned.
    var nextDue: ContinuousClock.Instant? {
        entries.values.lazy.filter { !$0.isReading }.map(\.due).min()
    }

    var isReading: Bool { entries.values.contains { $0.isReading } }

    /// True if every wanted secret has a file, or a read of it has been attempted.
    var isAttempted: Bool { entries.values.allSatisfy { $0.isAttempted || $0.good != nil } }

    /// True if each secret that was wanted at first, and still is, has a file or an answer of its source.
    var isAnswered: Bool {
        guard let initial else { return false }
        return initial.allSatisfy { subject in entries[subject].map { $0.isAnswered || $0.good != nil } ?? true }
    }

    /// - Returns: the report if it changed; nil if it did not, or if the request is no longer wanted.
    mutating func record(
        _ outcome: Outcome, of request: Request, now: Date, next: ContinuousClock.Instant
    ) -> SecretReport<Request>? {
        guard var entry = entries[request.subject], entry.request.hasSameSources(as: request) else { return nil }
        let before = (entry.state, entry.good)
        entry.isReading = false
        entry.isAttempted = true
        entry.due = next
        switch outcome {
        case .unchanged:
            entry.isAnswered = true
            entry.state = .ready
        case .stored(let stored):
            entry.isAnswered = true
            entry.state = .ready
            entry.good = stored
        case .problem(let problem):
            entry.isAnswered = entry.isAnswered || problem.isAnswer
            entry.state = entry.state.after(problem, hasGood: entry.good != nil, now: now)
        }
        entries[request.subject] = entry
        return before == (entry.state, entry.good) ? nil : entry.report
    }

    /// Sorted by subject.
    var reports: [SecretReport<Request>] {
        entries.values.map(\.report).sorted { $0.request.subject < $1.request.subject }
    }

    func report(of subject: Subject) -> SecretReport<Request>? { entries[subject]?.report }

    /// The files in use.
    var files: [Subject: Stored] { entries.compactMapValues(\.good) }
}

extension SecretState {
    fileprivate func after(_ problem: SecretProblem, hasGood: Bool, now: Date) -> SecretState {
        guard hasGood else { return problem.kind == .unavailable ? .pending(problem) : .rejected(problem) }
        if case .stale(let since, _) = self { return .stale(since: since, problem) }
        return .stale(since: now, problem)
    }
}
