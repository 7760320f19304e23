internal import Basics
public import Kubernetes
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Writes the published addresses into the status of Ingresses, while this replica holds the Lease.
public actor StatusPublisher: ServiceLifecycle.Service {
    public enum Source: Sendable, Equatable {
        case addresses([LoadBalancerAddress])
        /// The addresses of a Service, which is read periodically.
        case service(ObjectKey)
    }

    /// The interval at which the Service is read, and statuses that others have changed are written again.
    private static let interval = Duration.seconds(30)

    private let source: Source
    private let manager: FieldManager
    private let client: KubernetesClient
    private let versions: DiscoveredVersions
    private let cache: ObjectCache
    private let leadership: Leadership
    private let logger: Logger
    private let rateLimit = WriteRateLimit()
    private var turns = NamespaceTurns()
    private let start = ContinuousClock.now
    private nonisolated let wakeUp = WakeUpSignal()
    private var pass: LivePass?
    private var passes = 0
    private var addresses: [LoadBalancerAddress] = []
    private var nextRead = ContinuousClock.now
    private var backoff = Backoff()
    private var pausedUntil = ContinuousClock.now
    /// By uid, the resourceVersion for which the status was written or rejected. It is not written again for that
    /// version, which may still be in the cache.
    private var done: [String: String] = [:]
    /// The HTTP status of the last rejection; a repeated status is logged at debug level.
    private var lastRejection: Int?

    public init(
        source: Source, manager: FieldManager, client: KubernetesClient, versions: DiscoveredVersions,
        cache: ObjectCache, leadership: Leadership, logger: Logger
    ) {
        self.source = source
        self.manager = manager
        self.client = client
        self.versions = versions
        self.cache = cache
        self.leadership = leadership
        self.logger = logger
    }

    /// Records the Ingresses of a pass; writes nothing itself.
    public func observe(_ pass: LivePass) {
        self.pass = pass
        passes += 1
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

    /// - Returns: when to reconcile again without a signal; nil for a follower: acquiring the Lease signals.
    private func reconcile() async -> ContinuousClock.Instant? {
        guard leadership.isHeld, let pass else { return nil }
        guard pausedUntil <= .now else { return pausedUntil }
        let number = passes
        do throws(KubernetesError) {
            if nextRead <= .now {
                try await readAddresses()
                nextRead = .now + Self.interval
            }
            let ingresses = cache.snapshot.ingresses
            let present = Set(ingresses.values.map(\.metadata.uid))
            done = done.filter { present.contains($0.key) }
            let writes = StatusPlan.writes(
                ingresses: ingresses, pass: pass, addresses: addresses, manager: manager
            ).filter { done[$0.ingress.uid] != $0.ingress.resourceVersion }
            turns.keep(Set(writes.map(\.ingress.namespace)))
            // A new pass may have Ingresses that come first, and it has signalled.
            for write in turns.inTurn(writes, namespace: \.ingress.namespace) where number == passes {
                turns.serve(write.ingress.namespace, at: .now)
                guard await rateLimit.wait(), leadership.isHeld else { return nil }
                if try await perform(write) { done[write.ingress.uid] = write.ingress.resourceVersion }
            }
            return nextRead
        } catch {
            guard error.code != .cancelled else { return nil }
            let wait = max(backoff.next(now: .now - start, random: .random(in: 0..<1)), error.retryAfter ?? .zero)
            pausedUntil = .now + wait
            logger.warning("cannot write status", metadata: ["error": "\(error)", "retry_in": "\(wait.inLog)"])
            return pausedUntil
        }
    }

    /// Reads the addresses to publish.
    private func readAddresses() async throws(KubernetesError) {
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
                    "published Service has no address, status unchanged",
                    metadata: ["service": "\(key)"])
            }
        }
        if found != addresses { done = [:] }
        addresses = found
    }

    /// - Returns: false if the write is to be planned again after the interval.
    /// - Throws: an error after which another attempt may succeed soon.
    private func perform(_ write: StatusWrite) async throws(KubernetesError) -> Bool {
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
            // Deleted, replaced or changed: the watch reports it, and the next pass plans again. 404 may also mean that
            // the server no longer has the API version, which the watch discovers.
            case 404: return false
            case 409: return true
            case 400, 403, 413, 422:
                logger.log(
                    level: lastRejection == error.status?.code ? .debug : .warning, "API server rejected status",
                    metadata: ["ingress": "\(write.ingress.key)", "error": "\(error)"])
                lastRejection = error.status?.code
            default: throw error
            }
        }
        return true
    }
}
