internal import KubernetesAPI

/// `affinity: cookie`: to keep a client on one pod, the pods have to be known.
extension IngressReader {
    /// The pods in the place of their Service.
    mutating func withPods(_ backend: Backend) -> Backend {
        guard case .service(let service, let address, let port) = backend else { return backend }
        guard !services.isExternal(service) else {
            rejectAffinity(to: service)
            return backend
        }
        endpointsWanted.insert(service)
        let affine = Backend.pods(of: service, address: address, port: port)
        if pods[affine] == nil {
            let endpoints = services.endpoints(of: service, port: port)
            if !endpoints.isEmpty { pods[affine] = endpoints }
        }
        return affine
    }

    /// The same for each Service, however many paths lead to it.
    private mutating func rejectAffinity(to service: ObjectKey) {
        reject(
            "metadata.annotations[\(Annotation.affinity.name)]", "cookie", .invalidRule,
            "expected Services with pods; \(service) is an ExternalName, and is served without affinity")
    }
}
