internal import Basics
internal import Foundation
public import Kubernetes
internal import KubernetesAPI
public import Logging
internal import Routing
public import ServiceLifecycle

/// Sends the conditions of Ingresses as Events, while this replica holds the Lease.
///
/// There is no queue: an Event is sent only if its condition still holds at that time. An API server that is
/// unavailable delays it.
public actor EventRecorder: ServiceLifecycle.Service {
    private let delivery: EventDelivery
    private let versions: DiscoveredVersions
    private let leadership: Leadership
    private let host: String
    private let logger: Logger
    private nonisolated let wakeUp = WakeUpSignal()
    private var deduplicator = EventDeduplicator()
    private var spam = SpamFilter()
    private var turns = NamespaceTurns()
    private let rateLimit = WriteRateLimit()
    private let start = ContinuousClock.now
    private var backoff = Backoff()
    private var pausedUntil = ContinuousClock.now
    private var passes = 0
    /// The HTTP status of the last rejection; a repeated status is logged at debug level.
    private var lastRejection: Int?

    /// - Parameter host: the Events' `source.host`.
    public init(
        client: KubernetesClient, versions: DiscoveredVersions, leadership: Leadership, host: String, logger: Logger
    ) {
        delivery = EventDelivery(api: client)
        self.versions = versions
        self.leadership = leadership
        self.host = host
        self.logger = logger
    }

    /// Records the conditions of a pass; sends nothing itself.
    public func observe(_ pass: LivePass) {
        deduplicator.observe(Condition.list(of: pass), isLeader: leadership.isHeld, now: .now, date: Date())
        passes += 1
        wakeUp.signal()
    }

    public func run() async throws {
        leadership.whenAcquired { [wakeUp] in wakeUp.signal() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.sendAll()
                await self.wakeUp.wait(until: self.nextDue)
            }
        }
    }

    /// Nil for a follower: acquiring the Lease signals.
    private var nextDue: ContinuousClock.Instant? {
        leadership.isHeld ? deduplicator.nextDue.map { max($0, pausedUntil) } : nil
    }

    private func sendAll() async {
        spam.prune(now: .now)
        guard leadership.isHeld else { return }
        if let followed = leadership.heldByOthers { deduplicator.markSentByOthers(followed) }
        guard pausedUntil <= .now else { return }
        let pass = passes
        let unsent = deduplicator.unsent(at: .now)
        turns.keep(Set(unsent.map(\.condition.owner.namespace)))
        // A new pass may have conditions that come first, and it has signalled.
        for unsent in turns.inTurn(unsent, namespace: \.condition.owner.namespace) where pass == passes {
            let next = spam.next(unsent.condition.uid, now: .now)
            guard next <= .now else {
                deduplicator.delay(unsent.condition, until: next)
                continue
            }
            guard await rateLimit.wait() else { return }
            // The Lease may have been lost, and the condition may have ended, during the wait.
            guard leadership.isHeld else { return }
            guard deduplicator.isPending(unsent) else { continue }
            turns.serve(unsent.condition.owner.namespace, at: .now)
            guard await send(unsent) else { return }
        }
    }

    /// - Returns: false if no Event can be sent at the moment.
    private func send(_ unsent: EventDeduplicator.Unsent) async -> Bool {
        let condition = unsent.condition
        let outcome: EventDelivery.Outcome
        do throws(KubernetesError) {
            let apiVersion = try await versions.get().ingress
            outcome = await delivery.send(event(condition, apiVersion: apiVersion), began: unsent.began)
        } catch {
            outcome = .failed(error)
        }
        let metadata: Logger.Metadata = ["ingress": "\(condition.owner)", "reason": "\(condition.reason.rawValue)"]
        switch outcome {
        case .sent:
            logger.debug("Event sent", metadata: metadata)
        case .dropped(let error):
            logger.log(
                level: lastRejection == error.status?.code ? .debug : .warning, "API server rejected Event",
                metadata: metadata.merging(["error": "\(error)"]) { $1 })
            lastRejection = error.status?.code
        case .failed(let error):
            guard error.code != .cancelled else { return false }
            let wait = max(
                backoff.next(now: .now - start, random: .random(in: 0..<1)), error.retryAfter ?? .zero)
            pausedUntil = .now + wait
            deduplicator.failed(condition)
            logger.warning(
                "cannot send Events", metadata: ["error": "\(error)", "retry_in": "\(wait.inLog)"])
            return false
        }
        spam.sent(condition.uid, now: .now)
        // The condition may have ended and recurred while its Event was being sent. The recurrence needs its own.
        if deduplicator.isPending(unsent) { deduplicator.sent(condition) }
        return true
    }

    private func event(_ condition: Condition, apiVersion: String) -> Event {
        Event(
            regarding: Event.Regarding(
                apiVersion: apiVersion, kind: condition.owner.kind.objectKind, key: condition.owner.key,
                uid: condition.uid),
            severity: condition.reason.severity, reason: condition.reason.rawValue, message: condition.message,
            time: Date(), host: host)
    }
}
