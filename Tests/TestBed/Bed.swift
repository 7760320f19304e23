public import Foundation

/// A cluster on one machine: etcd, kube-apiserver, cluster DNS and a backend for every Service. Each suite starts one:
///
///     @Suite struct WatchTests {
///         static let bed = Shared { try await Bed.start() }
///     }
public struct Bed: Sendable {
    /// A private folder with the logs of all parts.
    public let folder: URL
    public let etcd: Etcd
    public let api: APIServer
    public let dns: ClusterDNS
    public let backend: Backend
    /// The administrator's kubeconfig.
    public let kubeconfig: URL

    /// - Parameter apiServerOptions: additional options of kube-apiserver.
    public static func start(apiServerOptions: [String] = []) async throws -> Bed {
        let folder = try TemporaryFolder.make()
        async let dns = ClusterDNS.start(folder: folder)
        async let backend = Backend.start(folder: folder)
        let etcd = try await Etcd.start(folder: folder)
        let api = try await APIServer.start(etcd: etcd, folder: folder, options: apiServerOptions)
        try await api.apply(ingressClass)
        let kubeconfig = try await Kubeconfig.write(user: .token(APIServer.adminToken), server: api, folder: folder)
        return Bed(
            folder: folder, etcd: etcd, api: api, dns: try await dns, backend: try await backend,
            kubeconfig: kubeconfig)
    }

    /// The class of `ingress`, with the controller's name; it exists from the start.
    public static let ingressClass: JSON = [
        "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "vault-ingress"],
        "spec": ["controller": "vault-ingress.io/controller"],
    ]

    /// Creates a namespace for a test, so that the tests of a suite can run in parallel.
    public func makeNamespace() async throws -> String {
        let name = "test-\(UUID().uuidString.prefix(8).lowercased())"
        try await api.apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]])
        return name
    }

    /// Creates a Service for which the backend answers, with its name in the cluster's DNS.
    ///
    /// - Returns: the ClusterIP, which is `Backend.Answer.serverAddress` for requests to this Service.
    @discardableResult
    public func makeService(_ name: String, namespace: String, portName: String = "http") async throws -> String {
        let service = try await api.apply([
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": [
                "selector": ["app": .string(name)],
                // Without kube-proxy, the port of a Service is the port of its backend.
                "ports": [["name": .string(portName), "port": .integer(backend.port), "protocol": "TCP"]],
            ],
        ])
        guard let address = service["spec"]["clusterIP"].string else { throw BedError("no clusterIP in \(service)") }
        try dns.set(service: name, namespace: namespace, address: address)
        // Otherwise the first client would cache that the name does not exist.
        try await eventually("the cluster's DNS resolves \(name).\(namespace)") {
            try await dns.lookUp("\(name).\(namespace).svc.cluster.local") == address
        }
        return address
    }

    /// An Ingress with one host, and one path per Service.
    ///
    /// - Parameter paths: the Services by path, such as `["/": "web"]`.
    public func ingress(
        _ name: String, namespace: String, host: String, paths: [String: String] = ["/": "web"],
        pathType: String = "Prefix", className: String = "vault-ingress", labels: [String: String] = [:]
    ) -> JSON {
        let rules = paths.sorted { $0.key < $1.key }.map { path, service -> JSON in
            [
                "path": .string(path), "pathType": .string(pathType),
                "backend": ["service": ["name": .string(service), "port": ["number": .integer(backend.port)]]],
            ]
        }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "labels": .object(labels.mapValues(JSON.string)),
            ],
            "spec": [
                "ingressClassName": .string(className),
                "rules": [["host": .string(host), "http": ["paths": .array(rules)]]],
            ],
        ]
    }
}
