import Foundation
package import KubernetesAPI
import Routing

/// An Ingress, its Services and their pods, whose fields can have any text. Valid at first.
package struct HostileObjects: Sendable {
    package var ingress: Ingress
    package var service = Service(
        metadata: ObjectMeta(name: "web", namespace: "shop"), ports: [Service.Port(name: "http", port: 80)])

    package var slice = EndpointSlice(
        metadata: ObjectMeta(
            name: "web-x", namespace: "shop", labels: [EndpointSlice.serviceLabel: "web"]), addressType: "IPv4",
        ports: [EndpointSlice.Port(name: "http", port: 8080)],
        endpoints: [EndpointSlice.Endpoint(addresses: ["10.1.0.1"])])

    package init() {
        let rule = Ingress.Rule(
            host: "a.example.com",
            paths: ["/a", "/b/"].map { Ingress.Path(path: $0, pathType: "Prefix", backend: Self.backend("web")) })
        ingress = Ingress(
            metadata: ObjectMeta(name: "hostile", namespace: "shop"),
            spec: Ingress.Spec(
                tls: [Ingress.TLS(hosts: ["a.example.com"])], rules: [rule, Ingress.Rule(host: "*.example.com")]))
    }

    private static func backend(_ service: String) -> Ingress.Backend { .service(name: service, port: .number(80)) }

    /// The objects as a snapshot, with the Services of blue-green and splits.
    package var snapshot: Snapshot {
        let services = ["web", "web-blue", "web-v1", "web-v2"].map { name in
            Service(
                metadata: ObjectMeta(name: name, namespace: ingress.metadata.namespace),
                ports: [Service.Port(name: "http", port: 80)])
        }
        return Snapshot(ingresses: [ingress], services: services + [service], endpointSlices: [slice])
    }

    /// The fields that can have any text.
    package static let fields: [(name: String, put: @Sendable (String, inout HostileObjects) -> Void)] =
        metadata + labels + annotations + spec + services

    private typealias Field = (name: String, put: @Sendable (String, inout HostileObjects) -> Void)

    private static let metadata: [Field] = [
        ("metadata.name", { $1.ingress.metadata.name = $0 }),
        (
            "metadata.namespace",
            {
                $1.ingress.metadata.namespace = $0
                $1.service.metadata.namespace = $0
            }
        ),
        ("metadata.labels key", { $1.ingress.metadata.labels[$0] = "true" }),
        ("metadata.annotations key", { $1.ingress.metadata.annotations[Annotation.prefix + $0] = "on" }),
        ("kubernetes.io/ingress.class", { $1.ingress.metadata.annotations["kubernetes.io/ingress.class"] = $0 }),
    ]

    private static let labels: [Field] = IngressLabel.allCases.map(\.rawValue).sorted().map { label in
        (label, { $1.ingress.metadata.labels[label] = $0 })
    }

    private static let annotations: [Field] = Annotation.sorted.map { annotation in
        (annotation.name, { $1.ingress.metadata.annotations[annotation.name] = $0 })
    }

    private static let spec: [Field] = [
        ("spec.ingressClassName", { $1.ingress.spec.ingressClassName = $0 }),
        ("spec.tls.hosts", { $1.ingress.spec.tls[0].hosts = [$0] }),
        ("spec.tls.secretName", { $1.ingress.spec.tls[0].secretName = $0 }),
        ("spec.defaultBackend", { $1.ingress.spec.defaultBackend = backend($0) }),
        ("spec.rules.host", { $1.ingress.spec.rules[0].host = $0 }),
        ("spec.rules.host, wildcard", { $1.ingress.spec.rules[1].host = "*." + $0 }),
        ("path", { $1.ingress.spec.rules[0].paths[0].path = $0 }),
        ("path after a slash", { $1.ingress.spec.rules[0].paths[0].path = "/" + $0 }),
        (
            "path, Exact",
            {
                $1.ingress.spec.rules[0].paths[1].path = "/b/" + $0
                $1.ingress.spec.rules[0].paths[1].pathType = "Exact"
            }
        ),
        ("pathType", { $1.ingress.spec.rules[0].paths[0].pathType = $0 }),
        ("service.name", { $1.ingress.spec.rules[0].paths[0].backend = backend($0) }),
        (
            "service.port.name",
            { $1.ingress.spec.rules[0].paths[0].backend = .service(name: "web", port: .name($0)) }
        ),
        (
            "service.port.number",
            { $1.ingress.spec.rules[0].paths[0].backend = .service(name: "web", port: .number(Int($0) ?? 0)) }
        ),
        ("resource", { $1.ingress.spec.rules[0].paths[0].backend = .resource($0) }),
    ]

    private static let services: [Field] = [
        (
            "Service and the backend that names it",
            {
                $1.service.metadata.name = $0
                $1.ingress.spec.rules[0].paths[0].backend = backend($0)
            }
        ),
        ("type of the Service", { $1.service.type = $0 }),
        (
            "externalName",
            {
                $1.service.type = "ExternalName"
                $1.service.externalName = $0
            }
        ),
        ("port name of the Service", { $1.service.ports[0].name = $0 }),
        (
            "address of a pod",
            {
                $1.ingress.metadata.annotations[Annotation.affinity.name] = "cookie"
                $1.slice.endpoints[0].addresses = [$0]
            }
        ),
        (
            "IPv6 address of a pod",
            {
                $1.ingress.metadata.annotations[Annotation.affinity.name] = "cookie"
                $1.slice.addressType = "IPv6"
                $1.slice.endpoints[0].addresses = ["fd00::1" + $0]
            }
        ),
    ]
}
