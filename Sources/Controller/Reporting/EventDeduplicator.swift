internal import Kubernetes
internal import KubernetesAPI

internal import struct Foundation.Date

/// Which facts stand, and which of them nobody has been told yet, as far as this replica knows. Pure: time comes in.
///
/// A fact is told once for as long as it stands. Every replica keeps this book, whoever leads; the one that comes to
/// lead tells all that it has not told itself, and finds by the Events' names what another one has; what has stood too
/// long for that, others have told.
struct EventDeduplicator {
    struct Untold: Equatable {
        var fact: Condition
        /// An Event of that name that was told since then is this fact's; an older one is from before it was over. In
        /// the distant past unless this replica saw it end.
        var began: Date
    }

    private struct Entry {
        var began: Date
        /// When this replica first saw it.
        let since: ContinuousClock.Instant
        var due: ContinuousClock.Instant
        var isTold = false
        var failures = 0
    }

    /// How far apart the clocks of two replicas may be.
    static let clockSkew = 15.0
    /// After that the API server has forgotten the Event too.
    static let memory = Duration.seconds(3600)
    /// What others had that long to tell counts as told: before the API server forgets it, and after any backlog of theirs.
    static let trust = Duration.seconds(3000)
    /// As many as client-go remembers.
    static let remembered = 4096

    private var standing: [Condition: Entry] = [:]
    /// Facts that were told and are over, and since when.
    private var over: [Condition: ContinuousClock.Instant] = [:]

    /// Replaces what stands.
    ///
    /// - Parameter isLeader: a follower cannot know what has been told, and takes it that all has.
    mutating func observe(_ facts: Set<Condition>, isLeader: Bool, now: ContinuousClock.Instant, date: Date) {
        for (fact, entry) in standing where !facts.contains(fact) {
            standing[fact] = nil
            if entry.isTold || !isLeader { over[fact] = now }
        }
        for fact in facts where standing[fact] == nil {
            let isBack = over.removeValue(forKey: fact) != nil
            let began = isBack ? (isLeader ? date : date.addingTimeInterval(-Self.clockSkew)) : .distantPast
            standing[fact] = Entry(began: began, since: now, due: now + fact.reason.delay)
        }
        forget(now)
    }

    /// What has to be told now. What is new comes first, for somebody is waiting for it; what failed before comes last.
    func untold(at now: ContinuousClock.Instant) -> [Untold] {
        standing.filter { !$0.value.isTold && $0.value.due <= now }
            .sorted { ($0.value.failures, $1.value.due, $0.key) < ($1.value.failures, $0.value.due, $1.key) }
            .map { Untold(fact: $0.key, began: $0.value.began) }
    }

    /// When something untold becomes due; nil where there is nothing.
    var nextDue: ContinuousClock.Instant? { standing.values.lazy.filter { !$0.isTold }.map(\.due).min() }

    /// Whether it still stands as it did.
    func isWaiting(_ untold: Untold) -> Bool {
        standing[untold.fact].map { !$0.isTold && $0.began == untold.began } ?? false
    }

    /// Counts as told what stood before this replica's eyes while others led. For one that leads; the same twice does no
    /// harm.
    ///
    /// - Parameter followed: from when to when others were last seen to lead.
    mutating func othersLed(_ followed: ClosedRange<ContinuousClock.Instant>) {
        for (fact, entry) in standing
        where followed.upperBound - max(entry.since, followed.lowerBound) >= Self.trust {
            standing[fact]?.isTold = true
        }
    }

    mutating func told(_ fact: Condition) { standing[fact]?.isTold = true }

    mutating func failed(_ fact: Condition) { standing[fact]?.failures += 1 }

    mutating func delay(_ fact: Condition, until instant: ContinuousClock.Instant) { standing[fact]?.due = instant }

    private mutating func forget(_ now: ContinuousClock.Instant) {
        over = over.filter { now - $0.value < Self.memory }
        guard over.count > Self.remembered else { return }
        for (fact, _) in over.sorted(by: { $0.value < $1.value }).prefix(over.count - Self.remembered) {
            over[fact] = nil
        }
    }
}
