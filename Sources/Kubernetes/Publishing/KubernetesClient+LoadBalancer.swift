public import KubernetesAPI

extension KubernetesClient {
    /// Sets `status.loadBalancer.ingress` of an Ingress. An empty list removes it.
    ///
    /// - Parameters:
    ///   - apiVersion: the version in which the server has Ingresses.
    ///   - metadata: identifies the Ingress by name and `uid`.
    ///   - isExact: also require its `resourceVersion`.
    /// - Throws: 409 if the `uid`, or a required `resourceVersion`, differs.
    public func setStatus(
        _ addresses: [LoadBalancerAddress], of metadata: ObjectMeta, apiVersion: String, isExact: Bool,
        manager: FieldManager
    ) async throws(KubernetesError) {
        let body = StatusPatch(
            metadata: .init(uid: metadata.uid, resourceVersion: isExact ? metadata.resourceVersion : nil),
            status: .init(loadBalancer: .init(ingress: addresses)))
        let _: Ignored = try await write(
            "PATCH", "/apis/\(apiVersion)/namespaces/\(metadata.namespace)/ingresses/\(metadata.name)/status", body,
            manager: manager.description)
    }

    /// Reads the external addresses of a Service: `status.loadBalancer`, else its `externalIPs`, else the ClusterIPs of
    /// a Service of type ClusterIP or the name of one of type ExternalName; may be empty.
    ///
    /// - Throws: 404 if the Service does not exist.
    public func publishedAddresses(of service: ObjectKey) async throws(KubernetesError) -> [LoadBalancerAddress] {
        let found: PublishedService = try await get("/api/v1/namespaces/\(service.namespace)/services/\(service.name)")
        return found.addresses
    }
}

private struct Ignored: Decodable {}

private struct StatusPatch: Encodable {
    struct Metadata: Encodable {
        var uid: String
        var resourceVersion: String?
    }

    struct Status: Encodable {
        var loadBalancer: LoadBalancer
    }

    struct LoadBalancer: Encodable {
        var ingress: [LoadBalancerAddress]

        private enum CodingKeys: String, CodingKey {
            case ingress
        }

        /// RFC 7396: null removes the member; an empty list would be stored.
        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            if ingress.isEmpty {
                try fields.encodeNil(forKey: .ingress)
            } else {
                try fields.encode(ingress, forKey: .ingress)
            }
        }
    }

    var metadata: Metadata
    var status: Status
}
