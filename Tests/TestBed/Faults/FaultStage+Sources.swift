import Foundation

extension FaultStage {
    /// The backend of all hosts, and its DNS name.
    struct Parts: Sendable {
        let folder: URL
        let dns: ClusterDNS
        let backend: Backend

        static func start() async throws -> Parts {
            let folder = try TemporaryFolder.make("fault")
            let parts = Parts(
                folder: folder, dns: try await ClusterDNS.start(folder: folder),
                backend: try await Backend.start(folder: folder))
            try parts.dns.set(service: "web", namespace: "shop", address: "127.97.255.1")
            return parts
        }

        func stop() async {
            for process in [dns.process, backend.process] { await process.stop(SIGKILL) }
        }

        /// Creates a folder of manifests with one file per host.
        ///
        /// - Parameter secure: the host with the label `ssl`.
        func manifests(secure: String? = nil) throws -> Source {
            let manifests = folder.appending(path: "manifests")
            try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
            let service: JSON = [
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": "shop"],
                "spec": ["ports": [["port": .integer(backend.port)]]],
            ]
            try Data(service.bytes).write(to: manifests.appending(path: "service.yaml"))
            return Source(source: .manifests(manifests)) { [backend] host in
                let ingress = ingress(
                    host, namespace: "shop", port: backend.port, labels: host == secure ? ["ssl": "true"] : [:])
                try Data(ingress.bytes).write(to: manifests.appending(path: "\(host).yaml"), options: .atomic)
            }
        }
    }
}

/// An Ingress with one host.
///
/// - Parameter className: the class; nil in a folder of manifests.
func ingress(_ host: String, namespace: String, port: Int, labels: JSON = [:], className: JSON = nil) -> JSON {
    let backend: JSON = ["service": ["name": "web", "port": ["number": .integer(port)]]]
    return [
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": ["name": .string(host), "namespace": .string(namespace), "labels": labels],
        "spec": [
            "ingressClassName": className,
            "rules": [
                ["host": .string(host), "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]]]
            ],
        ],
    ]
}
