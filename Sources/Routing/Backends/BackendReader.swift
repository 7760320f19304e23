internal import KubernetesAPI

/// Reads the backends of one Ingress: looks up their Services and applies split, blue-green and affinity.
struct BackendReader {
    let services: ServiceLookup
    let namespace: String
    let settings: IngressSettings

    /// - Parameter field: the field of the backend.
    /// - Returns: `unavailable` in place of what is rejected.
    func read(_ backend: Ingress.Backend, _ field: String) -> (backend: Backend, rejections: [FieldRejection]) {
        var rejections: [FieldRejection] = []
        func one(_ backend: Ingress.Backend) -> Backend {
            let (found, more) = self.one(backend, field)
            rejections += more
            return found
        }

        guard case .service(let name, let port) = backend else { return self.one(backend, field) }
        var plain: Backend
        if let split = settings.split, split.contains(name) {
            plain = divided(split.weights.map { ($0.weight, one(.service(name: $0.service, port: port))) })
        } else {
            plain = one(backend)
        }
        if settings.isBlueGreen {
            plain = .blueGreen(
                plain: plain, blue: one(.service(name: name + "-blue", port: port)),
                green: one(.service(name: name + "-green", port: port)))
        }
        return (plain, rejections)
    }

    /// The requests of a Service that does not exist go to the other Services of the split.
    private func divided(_ parts: [(weight: Int, backend: Backend)]) -> Backend {
        let shares = parts.filter { $0.backend != .unavailable }
            .map { Backend.Share(weight: $0.weight, backend: $0.backend) }
        return switch shares.count {
        case 0: .unavailable
        case 1: shares[0].backend
        default: .split(shares, by: settings.splitKey)
        }
    }

    /// One Service, or its pods where affinity is on.
    private func one(_ backend: Ingress.Backend, _ field: String) -> (Backend, [FieldRejection]) {
        let hasAffinity = settings.host.affinity
        switch services.find(backend, namespace: namespace, byPods: hasAffinity) {
        case .success(let found):
            if hasAffinity { return pods(of: found) }
            let (backend, isResolved) = balanced(found)
            return (backend, isResolved ? [] : services.namedTargetPort(of: found).map { [$0.below(field)] } ?? [])
        case .failure(let rejection):
            return (.unavailable, [rejection.below(field)])
        }
    }

    /// The Service with a pod for each request. An ExternalName Service has no pods.
    ///
    /// - Returns: also whether the pods are known, with their ports.
    private func balanced(_ backend: Backend) -> (Backend, isResolved: Bool) {
        guard services.upstreams == .endpoints, case .service(let service, let address, let port) = backend,
            !services.isExternal(service)
        else { return (backend, false) }
        let balancing = Balancing(
            method: settings.host.loadBalancing ?? .roundRobin, backendProtocol: settings.host.backendProtocol)
        return (
            .endpoints(of: service, address: address, port: port, by: balancing),
            services.endpoints.hasSlices(of: service)
        )
    }

    /// The pods in place of their Service. The rejection is the same for all paths that lead to the Service.
    private func pods(of backend: Backend) -> (Backend, [FieldRejection]) {
        guard case .service(let service, let address, let port) = backend else { return (backend, []) }
        guard !services.isExternal(service) else {
            let rejection = FieldRejection(
                field: Annotation.affinity.field, value: "cookie",
                explanation:
                    "expected Services with pods; \(service) is an ExternalName Service and is served without affinity")
            return (backend, [rejection])
        }
        return (.pods(of: service, address: address, port: port), [])
    }
}

extension FieldRejection {
    /// The rejection of a field that is named relative to another.
    fileprivate func below(_ parent: String) -> FieldRejection {
        var rejection = self
        rejection.field = parent + field
        return rejection
    }
}
