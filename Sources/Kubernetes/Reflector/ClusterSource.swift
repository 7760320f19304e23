internal import Basics
package import KubernetesAPI
package import Logging
public import ServiceLifecycle

/// Fills a cache from a cluster and keeps it up to date, with one Reflector per kind. That of EndpointSlices starts when
/// some are wanted.
public struct ClusterSource: ServiceLifecycle.Service {
    private let client: KubernetesClient
    private let namespace: String?
    private let cache: ObjectCache
    private let ingressMetadata: MetadataFilter
    private let logger: Logger

    /// - Parameters:
    ///   - namespace: nil for all namespaces. IngressClasses are always read, because they have no namespace.
    ///   - ingressMetadata: the labels and annotations of Ingresses that code reads. Those of other kinds are dropped.
    package init(
        client: KubernetesClient, namespace: String?, cache: ObjectCache, ingressMetadata: MetadataFilter,
        logger: Logger
    ) {
        self.client = client
        self.namespace = namespace
        self.cache = cache
        self.ingressMetadata = ingressMetadata
        self.logger = logger
    }

    /// Returns at graceful shutdown or cancellation. Retries while the server is unreachable.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            guard
                let versions = await discover({ client throws(KubernetesError) in try await client.discoverVersions() })
            else { return }
            logger.info(
                "API versions discovered",
                metadata: [
                    "ingress_version": "\(versions.ingress)",
                    "ingress_class_version": "\(versions.ingressClass ?? "none")",
                ])
            await withTaskGroup { group in
                group.addTask {
                    await reflect(Ingress.self, "/apis/\(versions.ingress)", "ingresses", metadata: ingressMetadata)
                }
                group.addTask { await reflect(Service.self, "/api/v1", "services") }
                if let version = versions.ingressClass {
                    group.addTask {
                        await reflect(IngressClass.self, "/apis/\(version)", "ingressclasses", isNamespaced: false)
                    }
                } else {
                    cache.replace(with: [IngressClass]())
                }
                group.addTask { await reflectEndpointSlices() }
            }
        }
    }

    /// Retries with backoff; nil when cancelled.
    private func discover<Found>(
        _ find: (KubernetesClient) async throws(KubernetesError) -> Found
    ) async -> Found? {
        let start = ContinuousClock.now
        var backoff = Backoff()
        while !Task.isCancelled {
            do throws(KubernetesError) {
                return try await find(client)
            } catch {
                guard error.code != .cancelled else { return nil }
                let wait = backoff.next(now: ContinuousClock.now - start, random: .random(in: 0..<1))
                let atLeast = max(wait, error.retryAfter ?? .zero)
                logger.warning(
                    "cannot discover API versions", metadata: ["error": "\(error)", "retry_in": "\(atLeast.inLog)"])
                // Cancellation ends the sleep; the loop checks it next.
                try? await Task.sleep(for: atLeast)
            }
        }
        return nil
    }

    /// Starts when EndpointSlices are wanted for the first time, because many clusters never need them, and then watches
    /// those of all Services until the end. A watch of the wanted Services only would have to start again whenever they
    /// change, and any tenant can change them.
    private func reflectEndpointSlices() async {
        var demand = cache.endpointDemand.makeAsyncIterator()
        guard await demand.next() != nil else { return }
        let found = await discover { client throws(KubernetesError) in try await client.discoverEndpointSlices() }
        // Cancelled.
        guard let found else { return }
        guard let version = found else {
            logger.warning("API server has no EndpointSlices, affinity disabled")
            return cache.replace(with: [EndpointSlice]())
        }
        await reflect(
            ClusterListWatch<EndpointSlice>(
                client: client, path: path("/apis/\(version)", "endpointslices"),
                labelSelector: EndpointSlice.serviceLabel,
                filter: MetadataFilter(labels: { $0 == EndpointSlice.serviceLabel })))
    }

    private func reflect<Object: CachedObject>(
        _ type: Object.Type, _ root: String, _ plural: String, isNamespaced: Bool = true,
        metadata: MetadataFilter = MetadataFilter()
    ) async {
        let path = isNamespaced ? path(root, plural) : "\(root)/\(plural)"
        await reflect(ClusterListWatch<Object>(client: client, path: path, filter: metadata))
    }

    private func reflect<Source: ListWatch>(_ source: Source) async {
        var logger = logger
        logger[metadataKey: "kind"] = "\(Source.Object.kind.rawValue)"
        await Reflector(
            source: source, cache: cache, clock: ContinuousClock(), random: { .random(in: 0..<1) }, logger: logger
        ).run()
    }

    /// The path of a namespaced kind, in the configured namespace or in all namespaces.
    private func path(_ root: String, _ plural: String) -> String {
        root + (namespace.map { "/namespaces/\($0)" } ?? "") + "/" + plural
    }
}
