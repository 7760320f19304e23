import TestBed

extension Site {
    /// The Ingress with affinity.
    func affine(_ ingress: JSON) -> JSON {
        var ingress = ingress
        ingress["metadata"]["annotations"] = ["vault-ingress.io/affinity": "cookie"]
        return ingress
    }

    /// An EndpointSlice of the Service, all its pods ready.
    ///
    /// - Parameters:
    ///   - id: tells several slices of a Service apart.
    ///   - port: where the pods listen; the backend's without it.
    func slice(
        _ service: String, id: String = "0", pods: some Collection<String>, port: Int? = nil
    ) -> JSON {
        [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": [
                "name": .string("\(service)-\(id)"), "namespace": .string(namespace),
                "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "ports": [["name": "http", "port": .integer(port ?? backend.port), "protocol": "TCP"]],
            "endpoints": .array(pods.map { ["addresses": [.string($0)], "conditions": ["ready": true]] }),
        ]
    }
}
