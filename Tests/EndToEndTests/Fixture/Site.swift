import Foundation
import Synchronization
import TestBed
import Testing

/// What needs no API server, on a folder of manifests. One test after the other: some measure what a load suffers.
@Suite("Machine", .serialized, .timeLimit(.minutes(2)))
enum MachineTests {}

/// A folder of manifests, with a DNS and a backend for its Services: all that a controller needs.
struct Site: Sendable {
    private struct Parts: Sendable {
        let folder: URL
        let dns: ClusterDNS
        let backend: Backend
    }

    private static let parts = Shared {
        let folder = try TemporaryFolder.make("site")
        return Parts(
            folder: folder, dns: try await ClusterDNS.start(folder: folder),
            backend: try await Backend.start(folder: folder))
    }
    private static let addresses = Mutex(0)

    /// For everything that the controller keeps.
    let folder: URL
    let manifests: URL
    let dns: ClusterDNS
    let backend: Backend
    let namespace: String

    static func make() async throws -> Site {
        let parts = try await parts.get()
        let namespace = "site-\(UUID().uuidString.prefix(8).lowercased())"
        let manifests = parts.folder.appending(path: namespace)
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        return Site(
            folder: parts.folder, manifests: manifests, dns: parts.dns, backend: parts.backend, namespace: namespace)
    }

    func start(
        flags: [String] = [], resolver: String? = nil, nginx: String? = nil, after previous: Controller? = nil
    ) async throws -> Controller {
        try await Controller.start(
            folder: folder, source: .manifests(manifests), resolver: resolver ?? dns.address,
            nginx: nginx, flags: ["--reload-interval", "100ms"] + flags, after: previous)
    }

    /// A Service that the backend answers for.
    ///
    /// - Parameter port: where something else answers.
    /// - Returns: its manifest, and the address that tells it from others.
    func service(_ name: String, port: Int? = nil) throws -> (manifest: JSON, address: String) {
        let number = Self.addresses.withLock { number in
            number += 1
            return number
        }
        let address = "127.97.\(number / 250).\(number % 250 + 1)"
        try dns.set(service: name, namespace: namespace, address: address)
        return (
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "spec": ["ports": [["name": "http", "port": .integer(port ?? backend.port)]]],
            ], address
        )
    }

    /// - Parameter created: its `creationTimestamp`; that of its file without it.
    func ingress(
        _ name: String, host: String, path: String = "/", service: String = "web", port: Int? = nil,
        created: String? = nil
    ) -> JSON {
        var metadata: JSON = ["name": .string(name), "namespace": .string(namespace)]
        if let created { metadata["creationTimestamp"] = .string(created) }
        let backend: JSON = ["name": .string(service), "port": ["number": .integer(port ?? backend.port)]]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata,
            "spec": [
                "rules": [
                    [
                        "host": .string(host),
                        "http": [
                            "paths": [["path": .string(path), "pathType": "Prefix", "backend": ["service": backend]]]
                        ],
                    ]
                ]
            ],
        ]
    }

    func write(_ file: String, _ objects: [JSON]) throws {
        // JSON is YAML.
        let documents = try objects.map { String(decoding: try $0.bytes, as: UTF8.self) }
        try write(file, documents.joined(separator: "\n---\n"))
    }

    /// As editors do: written beside, then renamed.
    func write(_ file: String, _ text: String) throws {
        try text.write(to: manifests.appending(path: file), atomically: true, encoding: .utf8)
    }

    /// One Service and one Ingress for it.
    ///
    /// - Returns: the Service's address.
    @discardableResult
    func serve(_ host: String) throws -> String {
        let service = try service("web")
        try write("web.yaml", [service.manifest, ingress("web", host: host)])
        return service.address
    }
}
