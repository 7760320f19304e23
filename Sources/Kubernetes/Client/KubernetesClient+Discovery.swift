internal import KubernetesAPI

/// The API versions in which the server has the kinds that exist in several versions.
public struct APIVersions: Sendable, Equatable {
    /// `networking.k8s.io/v1`, `networking.k8s.io/v1beta1` or `extensions/v1beta1`.
    public var ingress: String
    /// `networking.k8s.io/v1` or `networking.k8s.io/v1beta1`; nil if the server has no IngressClass.
    public var ingressClass: String?
}

extension KubernetesClient {
    /// The version of the server, such as `v1.20.2`. The first request at startup: it detects connection, trust and
    /// credential problems.
    public func checkVersion() async throws(KubernetesError) -> String {
        struct Version: Decodable {
            var gitVersion: String
        }
        return try await get("/version", as: Version.self).gitVersion
    }

    /// - Throws: `.unreadable` if the server has no Ingress in any version.
    func discoverVersions() async throws(KubernetesError) -> APIVersions {
        var versions: [String: String] = [:]
        for version in ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"]
        where versions.count < 2 {
            for resource in try await resources(of: version) where versions[resource] == nil {
                if resource == "ingresses" || resource == "ingressclasses" { versions[resource] = version }
            }
        }
        guard let ingress = versions["ingresses"] else {
            throw KubernetesError(
                .unreadable,
                "\(server): expected Ingress in networking.k8s.io/v1, networking.k8s.io/v1beta1 or extensions/v1beta1, "
                    + "found it in none")
        }
        return APIVersions(ingress: ingress, ingressClass: versions["ingressclasses"])
    }

    /// The API version of EndpointSlices; nil if the server does not have them.
    func discoverEndpointSlices() async throws(KubernetesError) -> String? {
        for version in ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"]
        where try await resources(of: version).contains("endpointslices") {
            return version
        }
        return nil
    }

    /// The plural names of the kinds in an API version; empty if the server does not have that version.
    private func resources(of version: String) async throws(KubernetesError) -> [String] {
        struct APIResourceList: Decodable {
            var resources: [Resource]

            struct Resource: Decodable {
                var name: String
            }
        }
        do throws(KubernetesError) {
            return try await get("/apis/\(version)", as: APIResourceList.self).resources.map(\.name)
        } catch {
            guard error.status?.code == 404 else { throw error }
            return []
        }
    }
}
