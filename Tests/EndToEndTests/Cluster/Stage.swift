import TestBed

/// A controller that follows all namespaces, for tests that do not look at what it writes down.
struct Stage: Sendable {
    let bed: Bed
    let controller: Controller

    static let shared = Shared {
        let bed = try await ClusterTests.bed.get()
        return Stage(bed: bed, controller: try await bed.controller())
    }
}

extension Bed {
    /// An Ingress with the rules as they stand in YAML, below `spec`.
    func ingress(_ name: String, namespace: String, spec: String) throws -> JSON {
        guard let spec = try JSON.documents(yaml: spec).first else { throw BedError("no spec: \(spec)") }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": spec,
        ]
    }

    /// A Service's reference, as YAML on one line.
    func backend(_ service: String) -> String { "{service: {name: \(service), port: {number: \(backend.port)}}}" }
}
