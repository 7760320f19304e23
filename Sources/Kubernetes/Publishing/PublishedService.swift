internal import KubernetesAPI

/// The part of a core/v1 Service that contains its external addresses.
struct PublishedService: Decodable {
    struct Spec: Decodable {
        var type: String?
        var externalIPs: [String]?
        var clusterIP: String?
        var clusterIPs: [String]?
        var externalName: String?
    }

    struct Status: Decodable {
        struct LoadBalancer: Decodable {
            var ingress: [LoadBalancerAddress]?
        }

        var loadBalancer: LoadBalancer?
    }

    var spec: Spec
    var status: Status?

    var addresses: [LoadBalancerAddress] {
        if let balanced = status?.loadBalancer?.ingress, !balanced.isEmpty { return balanced }
        if let external = spec.externalIPs, !external.isEmpty { return external.map { LoadBalancerAddress(ip: $0) } }
        switch spec.type ?? "ClusterIP" {
        case "ClusterIP":
            // "None": a headless Service.
            return (spec.clusterIPs ?? [spec.clusterIP].compactMap { $0 }).filter { $0 != "None" && !$0.isEmpty }
                .map { LoadBalancerAddress(ip: $0) }
        case "ExternalName":
            return [spec.externalName].compactMap { $0 }.map { LoadBalancerAddress(hostname: $0) }
        default:
            return []
        }
    }
}
