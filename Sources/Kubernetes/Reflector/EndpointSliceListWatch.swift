internal import KubernetesAPI

/// Lists and watches the EndpointSlices of some Services. A label selector restricts the request as far as possible;
/// the rest is filtered here.
struct EndpointSliceListWatch: ListWatch {
    private let all: ClusterListWatch<EndpointSlice>
    private let services: Set<ObjectKey>

    /// The selector is part of the URL, which proxies limit to a few kB. With more names than this, it selects the
    /// slices of all Services.
    private static let maximumNames = 50

    /// - Parameter path: such as `/apis/discovery.k8s.io/v1/endpointslices`.
    init(client: KubernetesClient, path: String, services: Set<ObjectKey>) {
        self.services = services
        all = ClusterListWatch(
            client: client, path: path, labelSelector: Self.selector(services),
            filter: MetadataFilter(labels: { $0 == EndpointSlice.serviceLabel }))
    }

    /// A set-based selector (k8s API: labels and selectors). It cannot select by namespace.
    static func selector(_ services: Set<ObjectKey>) -> String {
        let names = Set(services.map(\.name))
        guard names.count <= maximumNames else { return EndpointSlice.serviceLabel }
        return "\(EndpointSlice.serviceLabel) in (\(names.sorted().joined(separator: ",")))"
    }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ObjectList<EndpointSlice> {
        let page = try await all.list(request)
        return ObjectList(
            resourceVersion: page.resourceVersion, next: page.next,
            items: page.items.filter { item in
                guard case .object(let slice) = item else { return true }
                return isWanted(slice)
            })
    }

    func watch(
        _ request: WatchRequest, _ receive: (WatchEvent<EndpointSlice>) -> Bool
    ) async throws(KubernetesError) {
        try await all.watch(request) { event in
            guard case .upsert(let slice) = event, !isWanted(slice) else { return receive(event) }
            // It may have belonged to a wanted Service before. Deleting an unknown slice has no effect.
            return receive(.delete(slice.metadata))
        }
    }

    private func isWanted(_ slice: EndpointSlice) -> Bool {
        slice.service.map(services.contains) ?? false
    }
}
