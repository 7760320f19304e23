extension SecretRegistry {
    /// The state of one source.
    struct Place {
        enum Answer: Equatable {
            case none, absent, content
            case problem(SecretProblem)
        }

        var answer = Answer.none
        /// The subjects that have come to this source: those before it in their requests have no secret.
        var users: Set<Subject> = []
        /// The time of the next read; nil during a read.
        var due: Instant?
        var isUrgent = false
        /// The number of the read in progress.
        var read: Int?
        var lastRead: Instant?
        /// True if another read has to follow the one in progress.
        var isReadAgain = false
        /// The reads in a row that found no usable secret.
        var futileReads = 0
        /// What the last read found, for a comparison.
        var lastFutile: String?
        /// What the source had at the last read.
        var known: KnownSecret<Stored>?
        /// True if all users use what the source had at the last read.
        var isConfirmed = false
        var isRefreshed = false
        /// True if it is read only to see whether it has a secret now, while another source has one.
        var isProbe = false
    }

    /// The shortest time between two reads of a source that changes of Ingresses cause.
    static var shortestRepeat: Duration { .seconds(1) }

    func isAt(_ subject: Subject, _ source: Source) -> Bool {
        guard let entry = entries[subject], entry.position < entry.request.sources.count else { return false }
        return entry.request.sources[entry.position] == source
    }

    /// Moves a subject past the sources that have no secret.
    mutating func advance(_ subject: Subject, _ now: Moment, _ changes: inout [Change]) {
        guard let entry = entries[subject] else { return }
        let sources = entry.request.sources
        for (position, source) in sources.enumerated().dropFirst(entry.position) {
            entries[subject]?.position = position
            places[source, default: Place()].users.insert(subject)
            switch places[source]?.answer ?? .none {
            case .absent: continue
            case .none:
                if places[source]?.due == nil, places[source]?.read == nil {
                    schedule(source, now.instant, isUrgent: entry.good == nil)
                }
            case .problem(let problem): apply(.problem(problem), to: subject, now, &changes)
            case .content:
                let known = places[source]?.known?.stored
                if let known, places[source]?.isConfirmed == true, entry.confirmable == known {
                    apply(.confirmed, to: subject, now, &changes)
                } else {
                    places[source]?.isConfirmed = false
                    readSoon(source, now.instant)
                }
            }
            return
        }
        entries[subject]?.position = sources.count
        apply(.problem(entry.request.missing), to: subject, now, &changes)
    }

    /// Moves a subject back to a source that it had passed.
    mutating func moveBack(_ subject: Subject, to source: Source) {
        guard let entry = entries[subject], let index = entry.request.sources.firstIndex(of: source),
            index < entry.position
        else { return }
        for later in entry.request.sources.dropFirst(index + 1) { leave(later, subject) }
        entries[subject]?.position = index
    }

    mutating func leaveSources(of subject: Subject) {
        for source in entries[subject]?.request.sources ?? [] { leave(source, subject) }
    }

    private mutating func leave(_ source: Source, _ subject: Subject) {
        places[source]?.users.remove(subject)
        guard places[source]?.users.isEmpty == true else { return }
        mark(source, isRefreshed: false, isProbe: false)
        places[source] = nil
    }

    /// The Ingress of a subject has changed: its sources are read now, except for one that has a secret in use.
    mutating func hurry(_ subject: Subject, _ now: Instant) {
        guard let entry = entries[subject] else { return }
        for (index, source) in entry.request.sources.enumerated().prefix(entry.position + 1) {
            if index == entry.position, entry.state == .ready { return }
            places[source]?.futileReads = 0
            readSoon(source, now)
        }
    }

    func readTime(_ source: Source, _ now: Instant) -> Instant {
        places[source]?.lastRead.map { max(now, $0 + Self.shortestRepeat) } ?? now
    }

    mutating func readSoon(_ source: Source, _ now: Instant) {
        guard let place = places[source] else { return }
        if place.read != nil {
            places[source]?.isReadAgain = true
        } else {
            let time = readTime(source, now)
            if let due = place.due, place.isUrgent, due <= time { return }
            schedule(source, time, isUrgent: true)
        }
    }

    mutating func schedule(_ source: Source, _ due: Instant, isUrgent: Bool) {
        guard places[source] != nil else { return }
        places[source]?.due = due
        places[source]?.isUrgent = isUrgent
        if isUrgent { urgent.add(source, due: due) } else { routine.add(source, due: due) }
    }

    mutating func mark(_ source: Source, isRefreshed: Bool, isProbe: Bool) {
        guard let place = places[source] else { return }
        refreshed += (isRefreshed ? 1 : 0) - (place.isRefreshed ? 1 : 0)
        probes += (isProbe ? 1 : 0) - (place.isProbe ? 1 : 0)
        places[source]?.isRefreshed = isRefreshed
        places[source]?.isProbe = isProbe
    }
}
