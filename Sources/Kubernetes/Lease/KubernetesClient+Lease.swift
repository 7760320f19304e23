internal import KubernetesAPI

extension KubernetesClient {
    private struct Body: Encodable {
        var apiVersion = "coordination.k8s.io/v1"
        var kind = "Lease"
        var metadata: Lease.Metadata
        var spec: Lease.Spec
    }

    private static func collection(_ namespace: String) -> String {
        "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases"
    }

    private static func path(_ key: ObjectKey) -> String { "\(collection(key.namespace))/\(key.name)" }

    /// Reads the lease; nil if it does not exist.
    func lease(_ key: ObjectKey) async throws(KubernetesError) -> Lease? {
        do throws(KubernetesError) {
            return try decode(
                Lease.self, try await send("GET", Self.path(key), timeout: Self.writeTimeout),
                of: "GET \(Self.path(key))")
        } catch {
            guard error.status?.code == 404 else { throw error }
            return nil
        }
    }

    func createLease(_ key: ObjectKey, _ spec: Lease.Spec) async throws(KubernetesError) -> Lease {
        let metadata = Lease.Metadata(name: key.name, namespace: key.namespace)
        return try await write("POST", Self.collection(key.namespace), Body(metadata: metadata, spec: spec))
    }

    /// Patches the lease, so that fields that others set (labels) are kept.
    ///
    /// - Throws: 409 if the lease no longer has that version.
    func updateLease(
        _ key: ObjectKey, _ spec: Lease.Spec, resourceVersion: String
    ) async throws(KubernetesError) -> Lease {
        let metadata = Lease.Metadata(resourceVersion: resourceVersion)
        return try await write("PATCH", Self.path(key), Body(metadata: metadata, spec: spec))
    }
}
