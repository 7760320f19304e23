extension SecretRegistry {
    /// Plans the next read of a source that has answered.
    mutating func plan(_ source: Source, _ now: Instant, _ waits: Waits) {
        guard let place = places[source] else { return }
        if place.isReadAgain {
            places[source]?.isReadAgain = false
            return schedule(source, readTime(source, now), isUrgent: true)
        }
        // Urgent already: a subject has come to it while the answer was recorded.
        if place.due != nil { return }
        switch place.answer {
        case .none: schedule(source, now, isUrgent: false)
        case .absent where isReplaced(source): probe(source, now, waits)
        case .content:
            guard let used = place.known?.stored ?? fileInUse(of: source) else { return backOff(source, now, waits) }
            if let renewal = waits.renewal(used) {
                places[source]?.futileReads = 0
                mark(source, isRefreshed: false, isProbe: false)
                schedule(source, now + renewal, isUrgent: false)
            } else {
                refresh(source, now, waits)
            }
        case .problem(let problem) where problem.kind == .unavailable: refresh(source, now, waits)
        case .absent, .problem: backOff(source, now, waits)
        }
    }

    private mutating func refresh(_ source: Source, _ now: Instant, _ waits: Waits) {
        places[source]?.futileReads = 0
        mark(source, isRefreshed: true, isProbe: false)
        schedule(
            source, now + RefreshDelay.next(interval: waits.interval, random: waits.random), isUrgent: false)
    }

    private mutating func backOff(_ source: Source, _ now: Instant, _ waits: Waits) {
        let reads = (places[source]?.futileReads ?? 0) + 1
        places[source]?.futileReads = reads
        mark(source, isRefreshed: false, isProbe: false)
        let delay = RefreshDelay.afterRejections(reads, interval: waits.interval, random: waits.random)
        schedule(source, now + delay, isUrgent: false)
    }

    private mutating func probe(_ source: Source, _ now: Instant, _ waits: Waits) {
        places[source]?.futileReads = 0
        mark(source, isRefreshed: false, isProbe: true)
        let delay = RefreshDelay.ofProbe(among: probes, interval: waits.interval, random: waits.random)
        schedule(source, now + delay, isUrgent: false)
    }

    /// True if all users of a source without a secret use that of a later one. An outage does not change that.
    private func isReplaced(_ source: Source) -> Bool {
        places[source]?.users.allSatisfy { subject in
            !isAt(subject, source) && entries[subject]?.confirmable != nil
        } == true
    }

    /// The file of a user of the source whose secret is in use and confirmed.
    private func fileInUse(of source: Source) -> Stored? {
        places[source]?.users.lazy.filter { isAt($0, source) }.compactMap { entries[$0] }
            .first { $0.state == .ready }?.good
    }

    /// The sources before this one are read rarely while its secret is used in their place, and soon again when it is
    /// not.
    mutating func planProbes(of source: Source, _ now: Instant, _ waits: Waits) {
        guard let users = places[source]?.users else { return }
        for subject in users {
            guard let entry = entries[subject], let index = entry.request.sources.firstIndex(of: source), index > 0
            else { continue }
            for earlier in entry.request.sources.prefix(index) {
                guard let place = places[earlier], place.answer == .absent, place.read == nil, !place.isUrgent else {
                    continue
                }
                switch (place.isProbe, isReplaced(earlier)) {
                case (false, true): probe(earlier, now, waits)
                case (true, false): backOff(earlier, now, waits)
                default: break
                }
            }
        }
    }
}
