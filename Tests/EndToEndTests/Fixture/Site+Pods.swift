import TestBed

extension Site {
    /// Adds affinity to an Ingress.
    func withAffinity(_ ingress: JSON) -> JSON {
        var ingress = ingress
        ingress["metadata"]["annotations"] = ["vault-ingress.io/affinity": "cookie"]
        return ingress
    }

    /// An EndpointSlice of the Service whose pods are all ready.
    ///
    /// - Parameters:
    ///   - id: distinguishes several slices of a Service.
    ///   - port: the port of the pods; nil for the backend's.
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
