internal import Kubernetes
internal import KubernetesAPI

internal import struct Foundation.Date

/// The conditions that hold, and those of them whose Event was sent, as far as this replica knows. Pure: time is passed
/// in.
///
/// An Event is sent once for as long as its condition holds. Every replica tracks conditions, with or without the
/// Lease. A replica that acquires the Lease sends the Events that it has not sent itself. The name of an Event shows
/// whether another replica has sent it. Conditions that have held for too long to be found by name count as sent.
struct EventDeduplicator {
    struct Unsent: Equatable {
        var condition: Condition
        /// An Event of that name is the one of this condition if it was sent since then; an older one is from an
        /// earlier occurrence. `.distantPast` unless this replica saw the earlier occurrence end.
        var began: Date
    }

    private struct Entry {
        var began: Date
        /// When this replica first saw the condition.
        let since: ContinuousClock.Instant
        /// By which those that are due at the same time are sorted.
        let number: Int
        var due: ContinuousClock.Instant
        var isSent = false
        var failures = 0
    }

    /// The assumed maximum difference between the clocks of two replicas, in seconds.
    static let clockSkew = 15.0
    /// The time after which an ended condition is forgotten: the API server deletes its Event after the same time.
    static let memory = Duration.seconds(3600)
    /// The time in which another leader has certainly sent an Event, even after a backlog. It is shorter than the time
    /// that the API server keeps Events.
    static let trust = Duration.seconds(3000)
    /// The number of ended conditions to remember, the same as in client-go.
    static let remembered = 4096

    private var current: [Condition: Entry] = [:]
    private var numbers = 0
    /// The conditions that ended after their Event was sent, and when they ended.
    private var ended: [Condition: ContinuousClock.Instant] = [:]

    /// Replaces the conditions that hold.
    ///
    /// - Parameter isLeader: a follower cannot know which Events were sent, and assumes that all were.
    mutating func observe(_ conditions: Set<Condition>, isLeader: Bool, now: ContinuousClock.Instant, date: Date) {
        for (condition, entry) in current where !conditions.contains(condition) {
            current[condition] = nil
            if entry.isSent || !isLeader { ended[condition] = now }
        }
        for condition in conditions.filter({ current[$0] == nil }).sorted() {
            let isRecurring = ended.removeValue(forKey: condition) != nil
            let began = isRecurring ? (isLeader ? date : date.addingTimeInterval(-Self.clockSkew)) : .distantPast
            current[condition] = Entry(began: began, since: now, number: numbers, due: now + condition.reason.delay)
            numbers += 1
        }
        prune(now)
    }

    /// The conditions whose Event is due, in the order to send within a namespace: new ones first, because a user may be
    /// waiting for them, and those whose delivery failed last.
    func unsent(at now: ContinuousClock.Instant) -> [Unsent] {
        let due = current.filter { !$0.value.isSent && $0.value.due <= now }.map { $0 }
        // Sorted by position: conditions are large, and there may be tens of thousands.
        let ranks = due.map { (failures: $0.value.failures, due: $0.value.due, number: $0.value.number) }
        return due.indices.sorted {
            (ranks[$0].failures, ranks[$1].due, ranks[$0].number) < (
                ranks[$1].failures, ranks[$0].due, ranks[$1].number
            )
        }.map { Unsent(condition: due[$0].key, began: due[$0].value.began) }
    }

    /// The time at which the next unsent Event is due; nil if there is none.
    var nextDue: ContinuousClock.Instant? { current.values.lazy.filter { !$0.isSent }.map(\.due).min() }

    /// True while the same occurrence of the condition holds and its Event is not sent.
    func isPending(_ unsent: Unsent) -> Bool {
        current[unsent.condition].map { !$0.isSent && $0.began == unsent.began } ?? false
    }

    /// Marks the conditions as sent that this replica saw for long enough while another one held the Lease. Idempotent.
    ///
    /// - Parameter followed: the time in which this replica saw others hold the Lease.
    mutating func markSentByOthers(_ followed: ClosedRange<ContinuousClock.Instant>) {
        for (condition, entry) in current
        where followed.upperBound - max(entry.since, followed.lowerBound) >= Self.trust {
            current[condition]?.isSent = true
        }
    }

    mutating func sent(_ condition: Condition) { current[condition]?.isSent = true }

    mutating func failed(_ condition: Condition) { current[condition]?.failures += 1 }

    mutating func delay(_ condition: Condition, until instant: ContinuousClock.Instant) {
        current[condition]?.due = instant
    }

    private mutating func prune(_ now: ContinuousClock.Instant) {
        ended = ended.filter { now - $0.value < Self.memory }
        guard ended.count > Self.remembered else { return }
        for (condition, _) in ended.sorted(by: { $0.value < $1.value }).prefix(ended.count - Self.remembered) {
            ended[condition] = nil
        }
    }
}
