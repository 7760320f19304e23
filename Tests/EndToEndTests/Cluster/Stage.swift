import TestBed

/// A controller that reads all namespaces, for tests that do not check its audit log.
struct Stage: Sendable {
    let bed: Bed
    let controller: Controller

    static let shared = Shared {
        let bed = try await ClusterTests.bed.get()
        return Stage(bed: bed, controller: try await bed.controller())
    }
}

extension Bed {
    /// An Ingress with a `spec` in YAML.
    func ingress(_ name: String, namespace: String, spec: String) throws -> JSON {
        guard let spec = try JSON.documents(yaml: spec).first else { throw BedError("expected a spec, got: \(spec)") }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": spec,
        ]
    }

    /// The reference to a Service, as YAML on one line.
    func backend(_ service: String) -> String { "{service: {name: \(service), port: {number: \(backend.port)}}}" }
}
