import Foundation
import Synchronization
import TestBed
import Testing

/// The suites that need no API server: they read a folder of manifests. Serialized, because some measure a load.
@Suite("Standalone", .serialized, .timeLimit(.minutes(2)))
enum StandaloneTests {}

/// A folder of manifests, with a DNS server and a backend for its Services.
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
    /// The address of each Service, by namespace and name.
    private static let pods = Mutex<[String: String]>([:])
    /// True for the same tests with pods: requests go to them instead of the Service's name.
    private static let servicesHavePods = ProcessInfo.processInfo.environment["SERVICES_HAVE_PODS"] != nil

    /// The folder for the files of the controller.
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
    /// - Parameter port: the port of another server that answers instead.
    /// - Returns: its manifest, and its address, which is unique.
    func service(_ name: String, port: Int? = nil) throws -> (manifest: JSON, address: String) {
        let number = Self.addresses.withLock { number in
            number += 1
            return number
        }
        let address = "127.97.\(number / 250).\(number % 250 + 1)"
        try dns.set(service: name, namespace: namespace, address: address)
        Self.pods.withLock { $0["\(namespace)/\(name)"] = address }
        return (
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "spec": ["ports": [["name": "http", "port": .integer(port ?? backend.port)]]],
            ], address
        )
    }

    /// - Parameter created: its `creationTimestamp`; nil for the time of its file.
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
        let objects = objects + (Self.servicesHavePods ? objects.compactMap(sliceOfService) : [])
        let documents = try objects.map { String(decoding: try $0.bytes, as: UTF8.self) }
        try write(file, documents.joined(separator: "\n---\n"))
    }

    /// A slice with the address of a Service as its only pod; nil for other objects.
    private func sliceOfService(_ object: JSON) -> JSON? {
        guard object["kind"].string == "Service", let name = object["metadata"]["name"].string,
            let address = Self.pods.withLock({ $0["\(namespace)/\(name)"] })
        else { return nil }
        var slice = slice(name, id: "own", pods: [address])
        slice["ports"] = object["spec"]["ports"]
        return slice
    }

    /// Writes a file as editors do: to a temporary file that is then renamed.
    func write(_ file: String, _ text: String) throws {
        try text.write(to: manifests.appending(path: file), atomically: true, encoding: .utf8)
    }

    /// Writes one Service and one Ingress for it.
    ///
    /// - Returns: the Service's address.
    @discardableResult
    func serve(_ host: String) throws -> String {
        let service = try service("web")
        try write("web.yaml", [service.manifest, ingress("web", host: host)])
        return service.address
    }
}
