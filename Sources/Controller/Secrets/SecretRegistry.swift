internal import Foundation
internal import Routing

/// The table of wanted secrets: the state of each, the file in use, and when each source is read. A source is read once
/// for all secrets that may come from it. Pure: the caller passes the time.
struct SecretRegistry<Request: SecretRequest> {
    typealias Subject = Request.Subject
    typealias Stored = Request.Stored
    typealias Source = Request.Source
    typealias Instant = ContinuousClock.Instant

    /// A moment by both clocks: dates are for people and certificates, instants for waits.
    struct Moment {
        var date: Date
        var instant: Instant
        /// The text for a file that is in use after the end of its validity; nil for others.
        var expiry: (Stored) -> String? = { _ in nil }
    }

    /// A change of the report of one subject.
    struct Change {
        var before: SecretReport<Request>
        var after: SecretReport<Request>
    }

    /// One wanted secret.
    struct Entry {
        var request: Request
        var state = SecretState.pending(nil)
        var good: Stored?
        /// True if the file is that of an earlier generation, which stands in until a source answers.
        var isSubstitute = false
        /// The index of the source in use: those before it have no secret. The number of sources if none has.
        var position = 0
        var isAttempted = false
        /// Whether a source has answered, be it that the secret is missing or denied.
        var isAnswered = false

        /// The file that a read may confirm. Not if a source has denied it: what the source has now must be read, whatever
        /// its version is. An outage says nothing about the file.
        var confirmable: Stored? {
            switch state {
            case .ready, .pending: good
            case .stale(_, let problem): problem.isAnswer ? nil : good
            case .rejected: nil
            }
        }

        var report: SecretReport<Request> { SecretReport(request: request, state: state, stored: good) }
    }

    var entries: [Subject: Entry] = [:] {
        didSet { lastReports = nil }
    }
    /// The answer of `reports`, until something changes.
    private var lastReports: [SecretReport<Request>]?
    /// The subjects of `entries`, sorted.
    private var subjects: [Subject] = []
    var places: [Source: Place] = [:]
    /// The sources that are read at once: for the first time, or after a change of an Ingress.
    var urgent = DueQueue<Source>()
    var routine = DueQueue<Source>()
    /// The time at which sources of `routine` were read last.
    var lastRoutine: Instant?
    var reads = 0
    /// The reads in progress.
    var reading = 0
    /// The sources that are read in each interval.
    var refreshed = 0
    /// The sources whose place another one takes.
    var probes = 0
    /// The files of the last run. The first call of `want` takes those it may use and drops the rest.
    private var previous: [Subject: Stored]
    /// The files of the generations on disk, newest first. They stand in for a secret whose source is unavailable.
    private var history: [Subject: [Stored]] = [:]
    /// The subjects of the first call of `want`; nil before it.
    private var initial: Set<Subject>?

    init(previous: [Subject: Stored] = [:]) {
        self.previous = previous
    }

    /// - Parameter generations: the files of each generation on disk, newest first.
    mutating func remember(_ generations: [[Subject: Stored]]) {
        history = [:]
        for files in generations {
            for (subject, stored) in files where history[subject]?.contains(stored) != true {
                history[subject, default: []].append(stored)
            }
        }
    }

    /// Replaces the wanted secrets. A request with other sources than before starts as pending. It inherits the file of
    /// its predecessor only if both have the same owner: one owner's permission does not extend to the next.
    ///
    /// - Parameters:
    ///   - changed: the owners that have changed: their secrets are read now, unless they are in use and confirmed.
    ///   - isIntact: checks a file of an earlier generation.
    /// - Returns: the changes of the reports: a new request is answered at once if its source is known to have nothing.
    mutating func want(
        _ requests: [Request], changed: Set<OwnerRef> = [], now: Moment, isIntact: (Stored, Request) -> Bool
    ) -> [Change] {
        var all: [Change] = []
        let wanted = Set(requests.map(\.subject))
        for subject in entries.keys.filter({ !wanted.contains($0) }) { forget(subject) }
        for request in requests {
            let last = entries[request.subject]
            if let last, last.request == request || last.request.sources == request.sources {
                if last.request != request { entries[request.subject]?.request = request }
                if !changed.isEmpty, !changed.isDisjoint(with: request.owners) { hurry(request.subject, now.instant) }
                continue
            }
            if last != nil { leaveSources(of: request.subject) }
            var entry = Entry(request: request)
            if let last, request.mayInherit(from: last.request) {
                entry.good = last.good
                entry.isSubstitute = last.isSubstitute
            }
            if entry.good == nil, let held = previous[request.subject], request.mayUse(held) { entry.good = held }
            if entry.good == nil, let files = history[request.subject] {
                entry.good = files.first { request.mayUse($0) && isIntact($0, request) }
                entry.isSubstitute = entry.good != nil
            }
            entries[request.subject] = entry
            var changes: [Change] = []
            advance(request.subject, now, &changes)
            all += changes
        }
        if subjects.count != entries.count || !subjects.allSatisfy({ entries[$0] != nil }) {
            subjects = entries.keys.sorted()
        }
        previous = [:]
        initial = initial ?? wanted
        return all
    }

    private mutating func forget(_ subject: Subject) {
        leaveSources(of: subject)
        guard let entry = entries.removeValue(forKey: subject), let good = entry.good else { return }
        history[subject] = [good] + (history[subject] ?? []).filter { $0 != good }
    }

    var isReading: Bool { reading > 0 }

    /// True if every wanted secret has a file, or a read of it has been attempted.
    var isAttempted: Bool { entries.values.allSatisfy { $0.isAttempted || $0.good != nil } }

    /// True if each secret that was wanted at first, and still is, has a file or an answer of its source.
    var isAnswered: Bool {
        guard let initial else { return false }
        return initial.allSatisfy { subject in entries[subject].map { $0.isAnswered || $0.good != nil } ?? true }
    }

    /// Sorted by subject.
    var reports: [SecretReport<Request>] {
        mutating get {
            let reports = lastReports ?? subjects.compactMap { entries[$0]?.report }
            lastReports = reports
            return reports
        }
    }

    func report(of subject: Subject) -> SecretReport<Request>? { entries[subject]?.report }

    /// The files in use.
    var files: [Subject: Stored] { entries.compactMapValues(\.good) }
}
