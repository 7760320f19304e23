public import Logging
public import ServiceLifecycle

/// Fills a cache from a cluster, and follows the cluster's changes: a Reflector for each kind.
public struct ClusterSource: ServiceLifecycle.Service {
    private let client: KubernetesClient
    private let namespace: String?
    private let cache: ObjectCache
    private let logger: Logger

    /// - Parameter namespace: nil for all. IngressClasses have none, and are always read.
    public init(client: KubernetesClient, namespace: String?, cache: ObjectCache, logger: Logger) {
        self.client = client
        self.namespace = namespace
        self.cache = cache
        self.logger = logger
    }

    /// Returns at graceful shutdown or cancellation; a server that cannot be reached is waited for.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            guard let versions = await discover() else { return }
            await withTaskGroup { group in
                group.addTask { await reflect(Ingress.self, "/apis/\(versions.ingress)", "ingresses") }
                group.addTask { await reflect(Service.self, "/api/v1", "services") }
                if let version = versions.ingressClass {
                    group.addTask {
                        await reflect(IngressClass.self, "/apis/\(version)", "ingressclasses", isNamespaced: false)
                    }
                } else {
                    cache.replace(with: [IngressClass]())
                }
            }
        }
    }

    /// nil when cancelled.
    private func discover() async -> APIVersions? {
        let start = ContinuousClock.now
        var backoff = Backoff()
        while !Task.isCancelled {
            do throws(KubernetesError) {
                let versions = try await client.discoverVersions()
                logger.info(
                    "API versions found",
                    metadata: [
                        "ingress": "\(versions.ingress)", "ingressClass": "\(versions.ingressClass ?? "none")",
                    ])
                return versions
            } catch {
                guard error.code != .cancelled else { return nil }
                let wait = backoff.next(now: ContinuousClock.now - start, random: .random(in: 0..<1))
                let atLeast = max(wait, error.retryAfter ?? .zero)
                logger.warning(
                    "API versions cannot be found", metadata: ["error": "\(error)", "retryIn": "\(atLeast.inLog)"])
                // Cancellation ends the sleep, and the loop looks at it next.
                try? await Task.sleep(for: atLeast)
            }
        }
        return nil
    }

    private func reflect<Object: CachedObject>(
        _ type: Object.Type, _ root: String, _ plural: String, isNamespaced: Bool = true
    ) async {
        let scope = namespace.flatMap { isNamespaced ? "/namespaces/\($0)" : nil } ?? ""
        var logger = logger
        logger[metadataKey: "kind"] = "\(type.kind.rawValue)"
        await Reflector(
            source: ClusterListWatch<Object>(client: client, path: "\(root)\(scope)/\(plural)"), cache: cache,
            clock: ContinuousClock(), random: { .random(in: 0..<1) }, logger: logger
        ).run()
    }
}
