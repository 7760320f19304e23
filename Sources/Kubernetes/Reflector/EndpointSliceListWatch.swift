internal import KubernetesAPI

/// Lists and watches the EndpointSlices of some Services. The server is asked for no others, as far as a label selector
/// can say it; what it cannot say is left out here.
struct EndpointSliceListWatch: ListWatch {
    private let all: ClusterListWatch<EndpointSlice>
    private let services: Set<ObjectKey>

    /// A selector is part of the URL, which proxies limit to a few kB; above that many names it asks for all slices
    /// that belong to a Service.
    private static let longestSelector = 50

    /// - Parameter path: like `/apis/discovery.k8s.io/v1/endpointslices`.
    init(client: KubernetesClient, path: String, services: Set<ObjectKey>) {
        self.services = services
        all = ClusterListWatch(client: client, path: path, labelSelector: Self.selector(services))
    }

    /// Set-based (k8s API: labels and selectors). A selector has no word for namespaces.
    static func selector(_ services: Set<ObjectKey>) -> String {
        let names = Set(services.map(\.name))
        guard names.count <= longestSelector else { return EndpointSlice.serviceLabel }
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
            // It may have belonged to another Service before; one that was never here is deleted without a trace.
            return receive(.delete(slice.metadata))
        }
    }

    private func isWanted(_ slice: EndpointSlice) -> Bool {
        slice.service.map(services.contains) ?? false
    }
}
