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
    private let versions: DiscoveredVersions
    private let ingressMetadata: MetadataFilter
    private let logger: Logger

    /// - Parameters:
    ///   - namespace: nil for all namespaces. IngressClasses are always read, because they have no namespace.
    ///   - versions: may be shared with other users of the API; nil for an own one.
    ///   - ingressMetadata: the labels and annotations of Ingresses that code reads. Those of other kinds are dropped.
    package init(
        client: KubernetesClient, namespace: String?, cache: ObjectCache, versions: DiscoveredVersions? = nil,
        ingressMetadata: MetadataFilter, logger: Logger
    ) {
        self.versions = versions ?? DiscoveredVersions(client: client, logger: logger)
        self.client = client
        self.namespace = namespace
        self.cache = cache
        self.ingressMetadata = ingressMetadata
        self.logger = logger
    }

    /// Returns at graceful shutdown or cancellation. Retries while the server is unreachable.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            let found = await discover { [versions] _ throws(KubernetesError) in try await versions.get() }
            guard let found else { return }
            await withTaskGroup { group in
                group.addTask {
                    await reflect(
                        ClusterListWatch<Ingress>(
                            client: client, path: discovered { path("/apis/\($0.ingress)", "ingresses") },
                            filter: ingressMetadata))
                }
                group.addTask {
                    await reflect(
                        ClusterListWatch<KubernetesAPI.Service>(client: client, path: "\(path("/api/v1", "services"))"))
                }
                group.addTask {
                    if found.ingressClass == nil {
                        cache.replace(with: [IngressClass]())
                        await waitForIngressClass()
                    }
                    let path = discovered { $0.ingressClass.map { "/apis/\($0)/ingressclasses" } }
                    await reflect(ClusterListWatch<IngressClass>(client: client, path: path))
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
            logger.warning("API server has no EndpointSlices; requests go to the names of Services, without affinity")
            return cache.clear(EndpointSlice.self)
        }
        // The slices have a version of their own; asking for it again with each request that finds none is enough.
        let slices = DiscoveredVersion(version) { [client] () throws(KubernetesError) in
            try await client.discoverEndpointSlices()
        }
        let resource = ResourcePath(
            current: { () throws(KubernetesError) in path("/apis/\(try await slices.get())", "endpointslices") },
            wasNotFound: { _ in await slices.forget() })
        await reflect(
            ClusterListWatch<EndpointSlice>(
                client: client, path: resource, labelSelector: EndpointSlice.serviceLabel,
                filter: MetadataFilter(labels: { $0 == EndpointSlice.serviceLabel })))
    }

    /// A path that depends on the discovered versions.
    private func discovered(_ path: @escaping @Sendable (APIVersions) -> String?) -> ResourcePath {
        ResourcePath(
            current: { [versions, client] () throws(KubernetesError) in
                guard let path = path(try await versions.get()) else {
                    throw KubernetesError(.unreadable, "\(client.server): expected IngressClasses, found none")
                }
                return path
            },
            // The version is between `/apis/` and the name of the kind or `namespaces`.
            wasNotFound: { [versions] path in
                await versions.forget(path.split(separator: "/").dropFirst().prefix(2).joined(separator: "/"))
            })
    }

    /// Waits until an upgraded server has IngressClasses.
    private func waitForIngressClass() async {
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            if (try? await versions.get())?.ingressClass != nil { return }
        }
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
