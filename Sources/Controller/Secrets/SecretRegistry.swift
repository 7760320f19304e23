internal import Foundation

/// Who wants what, what became of it, and when to ask next. Pure: time comes in.
struct SecretRegistry<Request: SecretRequest> {
    typealias Subject = Request.Subject
    typealias Kept = Request.Kept

    private struct Entry {
        var request: Request
        var state = SecretState.pending(nil)
        var good: Kept?
        var due: ContinuousClock.Instant
        var isReading = false
        var isAnswered = false

        var report: SecretReport<Request> { SecretReport(request: request, state: state, kept: good) }
    }

    private var entries: [Subject: Entry] = [:]
    /// What the last run used, until somebody wants it or it is known that nobody does.
    private var seeds: [Subject: Kept]

    init(seeds: [Subject: Kept] = [:]) {
        self.seeds = seeds
    }

    /// Replaces what is wanted. A request that looks elsewhere than before begins anew, its owner with what it had: what
    /// one owner was allowed to use says nothing of the next.
    mutating func want(_ requests: [Request], now: ContinuousClock.Instant) {
        var next: [Subject: Entry] = [:]
        for request in requests {
            let last = entries[request.subject]
            if var entry = last, entry.request.looksWhere(request) {
                entry.request = request
                next[request.subject] = entry
            } else {
                let seed = seeds[request.subject].flatMap { request.mayUse($0) ? $0 : nil }
                let inherited = last.flatMap { request.mayInherit(from: $0.request) ? $0.good : nil }
                next[request.subject] = Entry(request: request, good: inherited ?? seed, due: now)
            }
        }
        entries = next
        seeds = [:]
    }

    /// The requests whose time has come; they count as being read until `record`.
    mutating func takeDue(now: ContinuousClock.Instant) -> [(request: Request, known: Kept?)] {
        let due = entries.values.filter { !$0.isReading && $0.due <= now }
        for entry in due { entries[entry.request.subject]?.isReading = true }
        return due.sorted { $0.request.subject < $1.request.subject }.map { ($0.request, $0.good) }
    }

    /// When to look again; nil while nothing is waiting.
    var nextDue: ContinuousClock.Instant? {
        entries.values.lazy.filter { !$0.isReading }.map(\.due).min()
    }

    var isReading: Bool { entries.values.contains { $0.isReading } }

    /// Whether everything that is wanted is there, or was asked for once.
    var isAnswered: Bool { entries.values.allSatisfy { $0.isAnswered || $0.good != nil } }

    /// - Returns: the report of what changed; nil when all is as before, or nobody wants to know any more.
    mutating func record(
        _ outcome: SecretAnswer<Kept>, of request: Request, now: Date, next: ContinuousClock.Instant
    ) -> SecretReport<Request>? {
        guard var entry = entries[request.subject], entry.request.looksWhere(request) else { return nil }
        let before = (entry.state, entry.good)
        entry.isReading = false
        entry.isAnswered = true
        entry.due = next
        switch outcome {
        case .unchanged:
            entry.state = .ready
        case .found(let kept):
            entry.state = .ready
            entry.good = kept
        case .problem(let problem):
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

    /// What can be used now.
    var kept: [Subject: Kept] { entries.compactMapValues(\.good) }
}

extension SecretState {
    fileprivate func after(_ problem: SecretProblem, hasGood: Bool, now: Date) -> SecretState {
        guard hasGood else { return problem.kind == .unavailable ? .pending(problem) : .refused(problem) }
        if case .stale(let since, _) = self { return .stale(since: since, problem) }
        return .stale(since: now, problem)
    }
}
