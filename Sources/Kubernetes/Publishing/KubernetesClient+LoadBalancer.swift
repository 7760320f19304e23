public import KubernetesAPI

extension KubernetesClient {
    /// Sets `status.loadBalancer.ingress` of an Ingress; none clears it.
    ///
    /// - Parameters:
    ///   - apiVersion: in which the server has Ingresses.
    ///   - metadata: whose Ingress it has to be still, by `uid`.
    ///   - isExact: whether it also has to be at that version still.
    ///   - manager: who it is written by.
    /// - Throws: 409 where it is another one, or at another version.
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

    /// Where a Service can be reached from outside: `status.loadBalancer`, else its `externalIPs`, else its ClusterIPs,
    /// where that is its type; the name of one of type ExternalName.
    ///
    /// - Returns: none while it has none of them.
    /// - Throws: 404 where there is no such Service.
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

        /// RFC 7396: null removes the member, an empty list would stay as one.
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
