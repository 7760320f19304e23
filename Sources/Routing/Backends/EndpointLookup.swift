internal import KubernetesAPI

/// Finds the pods of Services in their EndpointSlices.
struct EndpointLookup {
    /// The maximum number of pods of one Service. Each needs memory in nginx, and time at every reload.
    static let maximum = 1000

    private let slices: [ObjectKey: [EndpointSlice]]

    init(_ slices: some Collection<EndpointSlice>) {
        self.slices = Dictionary(grouping: slices.filter { $0.service != nil }) {
            $0.service ?? ObjectKey(namespace: "", name: "")
        }
    }

    /// True if the Service has an EndpointSlice, with or without usable pods.
    func hasSlices(of service: ObjectKey) -> Bool { slices[service] != nil }

    /// The pods that take requests, sorted, each once, at most `maximum`. A Service with addresses of both families has
    /// each pod in both: its IPv4 addresses are used.
    ///
    /// - Parameter port: the names of the port in the Service.
    func endpoints(of service: ObjectKey, port: Set<String>) -> [AddressAndPort] {
        let slices = slices[service] ?? []
        for family in ["IPv4", "IPv6"] {
            let found = endpoints(slices.filter { $0.addressType == family }, port)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// As in kube-proxy: the pods that are ready; if there are none, those that still serve while they terminate
    /// (KEP-1669).
    private func endpoints(_ slices: [EndpointSlice], _ port: Set<String>) -> [AddressAndPort] {
        for takesRequests in [\.isReady, \.isLastResort] as [KeyPath<EndpointSlice.Endpoint, Bool>] {
            let found = slices.flatMap { slice in
                slice.numbers(of: port).flatMap { number in
                    slice.endpoints.filter { $0[keyPath: takesRequests] }
                        .compactMap { $0.address.map { AddressAndPort(address: $0, port: number) } }
                }
            }
            if !found.isEmpty { return Array(Set(found).sorted { "\($0)" < "\($1)" }.prefix(Self.maximum)) }
        }
        return []
    }
}

extension EndpointSlice {
    fileprivate func numbers(of names: Set<String>) -> [ServicePort] {
        ports.filter { $0.protocol == "TCP" && names.contains($0.name) }
            .compactMap { $0.port.flatMap { try? ServicePort($0) } }
    }
}

extension EndpointSlice.Endpoint {
    fileprivate var isLastResort: Bool { isServing && isTerminating }

    /// The first address: all are of one pod. An address with a zone is valid on the pod's node only.
    fileprivate var address: IPAddress? {
        addresses.first.flatMap { try? IPAddress($0) }.flatMap { $0.isPodAddress ? $0 : nil }
    }
}
