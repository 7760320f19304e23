internal import Foundation

extension SecretRegistry {
    /// A read of a source that is due.
    struct Read: Sendable {
        let source: Source
        var known: KnownSecret<Stored>?
        let number: Int
    }

    /// The answer of a source.
    enum Answer {
        case absent, unchanged
        case found(fingerprint: String)
        case problem(SecretProblem)

        /// Equal for two reads that found the same, as long as it is not used.
        fileprivate var futile: String? {
            switch self {
            case .unchanged: nil
            case .absent: "absent"
            case .found(let fingerprint): fingerprint
            case .problem(let problem): problem.text
            }
        }
    }

    /// The result for one subject, once the file is on disk.
    enum Outcome {
        case confirmed
        case stored(Stored)
        case flawed(Stored, SecretProblem)
        case problem(SecretProblem)
    }

    /// The waits after an answer.
    struct Waits {
        /// The time until a source that has a secret in use is read again.
        var interval: Duration
        /// In 0...1.
        var random: Double
        /// The time until a source that says it in advance is read again.
        var renewal: (Stored) -> Duration?
    }

    /// The sources that are due. They count as being read until `record`.
    ///
    /// - Parameter mayRead: whether another read may begin now. The first read of a source that a secret without a file
    ///   needs does not wait for it.
    mutating func takeDue(now: Instant, mayRead: () -> Bool) -> [Read] {
        var found: [Read] = []
        var postponed: [Source] = []
        while let (source, due) = urgent.popDue(now) {
            guard let place = places[source], place.due == due, place.isUrgent else { continue }
            if place.lastRead == nil || mayRead() { found.append(begin(source)) } else { postponed.append(source) }
        }
        for source in postponed { schedule(source, now, isUrgent: true) }
        while let (source, due) = routine.popDue(now) {
            guard let place = places[source], place.due == due, !place.isUrgent else { continue }
            guard mayRead() else {
                routine.add(source, due: due)
                break
            }
            lastRoutine = now
            found.append(begin(source))
        }
        return found
    }

    /// The time of the next read; nil if none is planned.
    ///
    /// - Parameter pause: the time between two groups of reads.
    func nextDue(pause: Duration) -> Instant? {
        let routine = routine.nextDue.map { due in lastRoutine.map { max(due, $0 + pause) } ?? due }
        return [urgent.nextDue, routine].compactMap { $0 }.min()
    }

    private mutating func begin(_ source: Source) -> Read {
        reads += 1
        reading += 1
        let read = Read(source: source, known: known(source), number: reads)
        places[source]?.due = nil
        places[source]?.read = reads
        return read
    }

    /// What a read may confirm: only what all users of the source have.
    private func known(_ source: Source) -> KnownSecret<Stored>? {
        guard let place = places[source] else { return nil }
        if place.isConfirmed { return place.known }
        var common: Stored?
        for subject in place.users where isAt(subject, source) {
            guard let entry = entries[subject], let good = entry.confirmable, entry.request.source(of: good) == source,
                common == nil || common == good
            else { return nil }
            common = good
        }
        return common.map { stored in
            KnownSecret(
                stored: stored, fingerprint: place.known?.stored == stored ? place.known?.fingerprint : nil)
        }
    }

    /// Records the answer of a source, for all its users.
    ///
    /// - Parameter check: checks what the source has for one request, and puts the file on disk. The file is the one in
    ///   use; nil if there is none, or only a substitute.
    /// - Returns: the changes of the reports, sorted by subject.
    mutating func record(
        _ answer: Answer, of read: Read, now: Moment, waits: Waits,
        check: (Request, Stored?) -> Outcome = { request, _ in .problem(request.missing) }
    ) -> [Change] {
        reading -= 1
        let source = read.source
        guard let place = places[source], place.read == read.number else { return [] }
        places[source]?.read = nil
        places[source]?.lastRead = now.instant
        if place.lastFutile != answer.futile {
            // Somebody is working on the secret.
            places[source]?.futileReads = 0
            places[source]?.lastFutile = answer.futile
        }
        var changes: [Change] = []
        let isSettled = place.isConfirmed && place.answer == .content
        switch answer {
        case .unchanged where isSettled: break
        case .found(let fingerprint) where isSettled && read.known?.fingerprint == fingerprint: break
        case .unchanged:
            places[source]?.answer = .content
            useContent(source, fingerprint: read.known?.fingerprint, now, &changes) { entry in
                entry.good != nil && entry.good == read.known?.stored ? .confirmed : nil
            }
        case .found(let fingerprint):
            places[source]?.answer = .content
            useContent(source, fingerprint: fingerprint, now, &changes) { entry in
                check(entry.request, entry.isSubstitute ? nil : entry.good)
            }
        case .absent:
            places[source]?.answer = .absent
            unconfirm(source)
            for subject in place.users.sorted() where isAt(subject, source) { advance(subject, now, &changes) }
        // An outage says nothing about a source that had no secret.
        case .problem(let problem) where place.answer == .absent && !problem.isAnswer: break
        case .problem(let problem):
            places[source]?.answer = .problem(problem)
            places[source]?.isConfirmed = false
            if problem.isAnswer { unconfirm(source) }
            for subject in place.users.sorted() {
                moveBack(subject, to: source)
                apply(.problem(problem), to: subject, now, &changes)
            }
        }
        plan(source, now.instant, waits)
        if !isSettled || places[source]?.isConfirmed != true { planProbes(of: source, now.instant, waits) }
        return changes
    }

    private mutating func unconfirm(_ source: Source) {
        places[source]?.known = nil
        places[source]?.isConfirmed = false
    }

    /// - Parameter outcome: nil if the content itself is needed to tell.
    private mutating func useContent(
        _ source: Source, fingerprint: String?, _ now: Moment, _ changes: inout [Change],
        _ outcome: (Entry) -> Outcome?
    ) {
        var common: Stored?
        var isCommon = true
        for subject in (places[source]?.users ?? []).sorted() {
            moveBack(subject, to: source)
            guard let entry = entries[subject] else { continue }
            guard let outcome = outcome(entry) else {
                isCommon = false
                places[source]?.isReadAgain = true
                continue
            }
            apply(outcome, to: subject, now, &changes)
            let after = entries[subject]
            if after?.state == .ready, common == nil || after?.good == common {
                common = after?.good
            } else {
                isCommon = false
            }
        }
        places[source]?.known = common.map { KnownSecret(stored: $0, fingerprint: fingerprint) }
        places[source]?.isConfirmed = isCommon && common != nil
    }

    /// Sets the state of a subject, and reports it if it has changed.
    mutating func apply(
        _ outcome: Outcome, to subject: Subject, _ now: Moment, _ changes: inout [Change]
    ) {
        guard var entry = entries[subject] else { return }
        let before = entry.report
        entry.isAttempted = true
        switch outcome {
        case .confirmed:
            entry.isAnswered = true
            entry.isSubstitute = false
            entry.state = .ready
        case .stored(let stored):
            entry.isAnswered = true
            entry.isSubstitute = false
            entry.state = .ready
            entry.good = stored
        case .flawed(let stored, let problem):
            entry.isAnswered = true
            entry.isSubstitute = false
            entry.good = stored
            entry.state = entry.state.after(problem, hasGood: true, now: now.date)
        case .problem(var problem):
            if entry.position < entry.request.sources.count {
                problem = entry.request.problem(problem, of: entry.request.sources[entry.position])
            }
            entry.isAnswered = entry.isAnswered || problem.isAnswer
            // A source that has answered does not confirm what an earlier generation had.
            if entry.isSubstitute, problem.kind != .unavailable {
                entry.isSubstitute = false
                entry.good = nil
            }
            entry.state = entry.state.after(
                problem.ofUsed(entry.good.flatMap(now.expiry)), hasGood: entry.good != nil, now: now.date)
        }
        entries[subject] = entry
        let after = entry.report
        if before != after { changes.append(Change(before: before, after: after)) }
    }
}

extension SecretProblem {
    /// - Parameter expiry: the text for the file in use, if its validity has ended. That is worse than an outage.
    fileprivate func ofUsed(_ expiry: String?) -> SecretProblem {
        guard kind == .unavailable, let expiry else { return self }
        return SecretProblem(
            .invalid, "\(expiry), and no replacement can be read", isAnswer: isAnswer, isOfSecretInUse: true)
    }
}

extension SecretState {
    fileprivate func after(_ problem: SecretProblem, hasGood: Bool, now: Date) -> SecretState {
        guard hasGood else { return problem.kind == .unavailable ? .pending(problem) : .rejected(problem) }
        if case .stale(let since, _) = self { return .stale(since: since, problem) }
        return .stale(since: now, problem)
    }
}
