public import Kubernetes
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
    private let client: KubernetesClient
    private let versions: DiscoveredVersions
    private let cache: ObjectCache
    private let leadership: Leadership
    private let logger: Logger
    private let pace = WritePace()
    private let start = ContinuousClock.now
    private nonisolated let alarm = Alarm()
    private var turn: LiveTurn?
    private var addresses: [LoadBalancerAddress] = []
    private var nextLook = ContinuousClock.now
    private var backoff = Backoff()
    private var pausedUntil = ContinuousClock.now
    /// By uid, the version of which the status was written or refused: it is not written again for that version, which
    /// the cache may have for a moment longer.
    private var done: [String: String] = [:]

    public init(
        source: Source, client: KubernetesClient, versions: DiscoveredVersions, cache: ObjectCache,
        leadership: Leadership, logger: Logger
    ) {
        self.source = source
        self.client = client
        self.versions = versions
        self.cache = cache
        self.leadership = leadership
        self.logger = logger
    }

    /// Takes what is ours now; writes nothing itself.
    public func observe(_ turn: LiveTurn) {
        self.turn = turn
        alarm.ring()
    }

    public func run() async throws {
        leadership.whenGained { [alarm] in alarm.ring() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.reconcile()
                await self.alarm.wait(until: self.nextDue)
            }
        }
    }

    /// Nil for a follower: that it leads will ring.
    private var nextDue: ContinuousClock.Instant? { leadership.isHeld ? max(nextLook, pausedUntil) : nil }

    private func reconcile() async {
        guard leadership.isHeld, pausedUntil <= .now, let turn else { return }
        do throws(KubernetesError) {
            if nextLook <= .now {
                try await look()
                nextLook = .now + Self.interval
            }
            // Where nothing is known, nothing is better than what stands there.
            guard !addresses.isEmpty else { return }
            let ingresses = cache.snapshot.ingresses
            let present = Set(ingresses.values.map(\.metadata.uid))
            done = done.filter { present.contains($0.key) }
            for write in StatusPlan.writes(ingresses: ingresses, turn: turn, addresses: addresses)
            where done[write.ingress.uid] != write.ingress.resourceVersion {
                guard await pace.wait(), leadership.isHeld else { return }
                try await perform(write)
                done[write.ingress.uid] = write.ingress.resourceVersion
            }
        } catch {
            guard error.code != .cancelled else { return }
            let wait = max(backoff.next(now: .now - start, random: .random(in: 0..<1)), error.retryAfter ?? .zero)
            pausedUntil = .now + wait
            logger.warning("status has to wait", metadata: ["error": "\(error)", "retryIn": "\(wait.inLog)"])
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
                    "the published Service has no address, no status is written", metadata: ["service": "\(key)"])
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
                try await client.setStatus(addresses, of: write.ingress, apiVersion: apiVersion, isExact: false)
            case .clear:
                try await client.setStatus([], of: write.ingress, apiVersion: apiVersion, isExact: true)
            }
            logger.debug(
                "status written", metadata: ["ingress": "\(write.ingress.key)", "addresses": "\(addresses)"])
        } catch {
            switch error.status?.code {
            // Gone, another one, or changed meanwhile: the watch will tell, and then it is looked at anew.
            case 404, 409: return
            case 400, 403, 413, 422:
                logger.warning(
                    "status refused", metadata: ["ingress": "\(write.ingress.key)", "error": "\(error)"])
            default: throw error
            }
        }
    }
}
