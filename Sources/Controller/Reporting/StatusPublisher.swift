internal import Basics
public import Kubernetes
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Writes where Ingresses can be reached into their status, if this replica leads.
public actor StatusPublisher: ServiceLifecycle.Service {
    public enum Source: Sendable, Equatable {
        case addresses([LoadBalancerAddress])
        /// A Service, asked again and again.
        case service(ObjectKey)
    }

    /// How often to look whether somebody else has changed a status, and where the Service can be reached.
    private static let interval = Duration.seconds(30)

    private let source: Source
    private let manager: FieldManager
    private let client: KubernetesClient
    private let versions: DiscoveredVersions
    private let cache: ObjectCache
    private let leadership: Leadership
    private let logger: Logger
    private let pace = WritePace()
    private let start = ContinuousClock.now
    private nonisolated let wakeUp = WakeUpSignal()
    private var turn: LivePass?
    private var turns = 0
    private var addresses: [LoadBalancerAddress] = []
    private var nextLook = ContinuousClock.now
    private var backoff = Backoff()
    private var pausedUntil = ContinuousClock.now
    /// By uid, the version of which the status was written or refused: it is not written again for that version, which
    /// the cache may have for a moment longer.
    private var done: [String: String] = [:]
    /// The status of the last refusal: its reason is said once, not for each.
    private var lastRefusal: Int?

    public init(
        source: Source, manager: FieldManager, client: KubernetesClient, versions: DiscoveredVersions,
        cache: ObjectCache,
        leadership: Leadership, logger: Logger
    ) {
        self.source = source
        self.manager = manager
        self.client = client
        self.versions = versions
        self.cache = cache
        self.leadership = leadership
        self.logger = logger
    }

    /// Takes what is ours now; writes nothing itself.
    public func observe(_ turn: LivePass) {
        self.turn = turn
        turns += 1
        wakeUp.signal()
    }

    public func run() async throws {
        leadership.whenAcquired { [wakeUp] in wakeUp.signal() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let next = await self.reconcile()
                await self.wakeUp.wait(until: next)
            }
        }
    }

    /// - Returns: when to do it again without being rung for; nil for a follower: that it leads will ring.
    private func reconcile() async -> ContinuousClock.Instant? {
        guard leadership.isHeld, let turn else { return nil }
        guard pausedUntil <= .now else { return pausedUntil }
        let number = turns
        do throws(KubernetesError) {
            if nextLook <= .now {
                try await look()
                nextLook = .now + Self.interval
            }
            let ingresses = cache.snapshot.ingresses
            let present = Set(ingresses.values.map(\.metadata.uid))
            done = done.filter { present.contains($0.key) }
            // With a new turn there may be something that goes first; it has rung.
            for write in StatusPlan.writes(
                ingresses: ingresses, turn: turn, addresses: addresses, manager: manager)
            where done[write.ingress.uid] != write.ingress.resourceVersion && number == turns {
                guard await pace.wait(), leadership.isHeld else { return nil }
                try await perform(write)
                done[write.ingress.uid] = write.ingress.resourceVersion
            }
            return nextLook
        } catch {
            guard error.code != .cancelled else { return nil }
            let wait = max(backoff.next(now: .now - start, random: .random(in: 0..<1)), error.retryAfter ?? .zero)
            pausedUntil = .now + wait
            logger.warning("status has to wait", metadata: ["error": "\(error)", "retryIn": "\(wait.inLog)"])
            return pausedUntil
        }
    }

    private func look() async throws(KubernetesError) {
        let found: [LoadBalancerAddress]
        switch source {
        case .addresses(let given):
            found = given
        case .service(let key):
            do throws(KubernetesError) {
                found = try await client.publishedAddresses(of: key)
            } catch {
                guard error.status?.code == 404 else { throw error }
                found = []
            }
            if found.isEmpty {
                logger.warning(
                    "the published Service has no address, Ingresses keep what they have",
                    metadata: ["service": "\(key)"])
            }
        }
        if found != addresses { done = [:] }
        addresses = found
    }

    /// - Throws: what is worth another try.
    private func perform(_ write: StatusWrite) async throws(KubernetesError) {
        let apiVersion = try await versions.get().ingress
        do throws(KubernetesError) {
            switch write.action {
            case .set(let addresses):
                try await client.setStatus(
                    addresses, of: write.ingress, apiVersion: apiVersion, isExact: false, manager: manager)
            case .clear:
                try await client.setStatus(
                    [], of: write.ingress, apiVersion: apiVersion, isExact: true, manager: manager)
            }
            logger.debug(
                "status written", metadata: ["ingress": "\(write.ingress.key)", "addresses": "\(addresses)"])
        } catch {
            switch error.status?.code {
            // Gone, another one, or changed meanwhile: the watch will tell, and then it is looked at anew.
            case 404, 409: return
            case 400, 403, 413, 422:
                logger.log(
                    level: lastRefusal == error.status?.code ? .debug : .warning, "status refused",
                    metadata: ["ingress": "\(write.ingress.key)", "error": "\(error)"])
                lastRefusal = error.status?.code
            default: throw error
            }
        }
    }
}
