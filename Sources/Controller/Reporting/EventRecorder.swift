internal import Basics
internal import Foundation
public import Kubernetes
internal import KubernetesAPI
public import Logging
internal import Routing
public import ServiceLifecycle

/// Tells application teams by Events what became of their Ingresses, if this replica leads.
///
/// There is no queue: what is told is what still stands when its turn has come. An API server that is away delays it.
public actor EventRecorder: ServiceLifecycle.Service {
    private let delivery: EventDelivery
    private let versions: DiscoveredVersions
    private let leadership: Leadership
    private let host: String
    private let logger: Logger
    private nonisolated let wakeUp = WakeUpSignal()
    private var ledger = EventDeduplicator()
    private var spam = SpamFilter()
    private let pace = WritePace()
    private let start = ContinuousClock.now
    private var backoff = Backoff()
    private var pausedUntil = ContinuousClock.now
    private var turns = 0
    /// The status of the last Event that was dropped: the reason is said once, not for each.
    private var lastDrop: Int?

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

    /// Takes what stands now; writes nothing itself.
    public func observe(_ turn: LivePass) {
        ledger.observe(Condition.list(of: turn), isLeader: leadership.isHeld, now: .now, date: Date())
        turns += 1
        wakeUp.signal()
    }

    public func run() async throws {
        leadership.whenAcquired { [wakeUp] in wakeUp.signal() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.tellAll()
                await self.wakeUp.wait(until: self.nextDue)
            }
        }
    }

    /// Nil for a follower: that it leads will ring.
    private var nextDue: ContinuousClock.Instant? {
        leadership.isHeld ? ledger.nextDue.map { max($0, pausedUntil) } : nil
    }

    private func tellAll() async {
        spam.forget(now: .now)
        guard leadership.isHeld else { return }
        if let followed = leadership.heldByOthers { ledger.othersLed(followed) }
        guard pausedUntil <= .now else { return }
        let turn = turns
        // With a new turn there may be something that goes first; it has rung.
        for untold in ledger.untold(at: .now) where turn == turns {
            let next = spam.next(untold.fact.uid, now: .now)
            guard next <= .now else {
                ledger.delay(untold.fact, until: next)
                continue
            }
            guard await pace.wait() else { return }
            // While it waited, the world went on.
            guard leadership.isHeld else { return }
            guard ledger.isWaiting(untold) else { continue }
            guard await tell(untold) else { return }
        }
    }

    /// - Returns: false where nothing can be told for now.
    private func tell(_ untold: EventDeduplicator.Untold) async -> Bool {
        let fact = untold.fact
        let outcome: EventDelivery.Outcome
        do throws(KubernetesError) {
            let apiVersion = try await versions.get().ingress
            outcome = await delivery.tell(event(fact, apiVersion: apiVersion), began: untold.began)
        } catch {
            outcome = .failed(error)
        }
        let metadata: Logger.Metadata = ["ingress": "\(fact.owner)", "reason": "\(fact.reason.rawValue)"]
        switch outcome {
        case .told:
            logger.debug("event told", metadata: metadata)
        case .dropped(let error):
            logger.log(
                level: lastDrop == error.status?.code ? .debug : .warning, "event dropped",
                metadata: metadata.merging(["error": "\(error)"]) { $1 })
            lastDrop = error.status?.code
        case .failed(let error):
            guard error.code != .cancelled else { return false }
            let wait = max(
                backoff.next(now: .now - start, random: .random(in: 0..<1)), error.retryAfter ?? .zero)
            pausedUntil = .now + wait
            ledger.failed(fact)
            logger.warning("events have to wait", metadata: ["error": "\(error)", "retryIn": "\(wait.inLog)"])
            return false
        }
        spam.told(fact.uid, now: .now)
        // It may have ended and come back while it was being told: then it is another fact by now.
        if ledger.isWaiting(untold) { ledger.told(fact) }
        return true
    }

    private func event(_ fact: Condition, apiVersion: String) -> Event {
        Event(
            regarding: Event.Regarding(
                apiVersion: apiVersion, kind: fact.owner.kind.objectKind, key: fact.owner.key, uid: fact.uid),
            severity: fact.reason.severity, reason: fact.reason.rawValue, message: fact.message, time: Date(),
            host: host)
    }
}
