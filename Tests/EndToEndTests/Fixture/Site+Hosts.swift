import Foundation
import TestBed

/// A host with its own Ingress, and the addresses of its Services.
struct TableHost: Sendable {
    let name: String
    let addresses: [String: String]

    /// The Service that answered; nil for responses of nginx itself.
    func service(_ answer: RawAnswer) -> String? {
        answer.seen.flatMap { seen in addresses.first { $0.value == seen.serverAddress }?.key }
    }
}

extension Site {
    /// Writes an Ingress and its Services into a separate file.
    ///
    /// - Parameters:
    ///   - paths: the path type and path, such as `Prefix /foo`, and the name of the Service.
    ///   - port: the port of the Services; nil for the backend's.
    ///   - absent: Services that the Ingress names and that do not exist.
    ///   - spec: fields that are added to the Ingress's `spec`.
    @discardableResult
    func host(
        _ name: String, _ host: String? = nil, paths: [(String, String)] = [("Prefix /", "web")],
        services more: [String] = [], port: Int? = nil, absent: Set<String> = [],
        annotations: [String: String] = [:], labels: [String: String] = [:], spec: [String: JSON] = [:]
    ) throws -> TableHost {
        let host = host ?? "\(name).example.com"
        var addresses: [String: String] = [:]
        var manifests: [JSON] = []
        for service in Set(paths.map(\.1) + more).sorted() where !absent.contains(service) {
            // Service names are shared by the whole site, so each includes the name of its host.
            let (manifest, address) = try self.service("\(name)-\(service)", port: port)
            addresses[service] = address
            manifests.append(manifest)
        }
        let list = paths.map { path, service -> JSON in
            let parts = path.split(separator: " ", maxSplits: 1).map(String.init)
            return [
                "pathType": .string(parts[0]), "path": .string(parts[1]),
                "backend": [
                    "service": [
                        "name": .string("\(name)-\(service)"), "port": ["number": .integer(port ?? backend.port)],
                    ]
                ],
            ]
        }
        var spec = spec
        if !paths.isEmpty { spec["rules"] = [["host": .string(host), "http": ["paths": .array(list)]]] }
        manifests.append([
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "annotations": .object(
                    Dictionary(
                        uniqueKeysWithValues: annotations.map { ("vault-ingress.io/\($0.key)", .string($0.value)) })),
                "labels": .object(labels.mapValues(JSON.string)),
            ],
            "spec": .object(spec),
        ])
        try write("\(name).yaml", manifests)
        return TableHost(name: host, addresses: addresses)
    }

    /// The reference to a Service of one of those hosts.
    func reference(_ name: String, _ service: String) -> JSON {
        ["service": ["name": .string("\(name)-\(service)"), "port": ["number": .integer(backend.port)]]]
    }
}

extension Controller {
    /// The rejections on `/status`, as the Ingress's name and the field.
    func rejected(_ site: Site) async throws -> Set<String> {
        Set(
            try await status()["rejections"].array.map {
                let ingress = ($0["ingress"].string ?? "").replacing("\(site.namespace)/", with: "")
                return "\(ingress) \($0["field"].string ?? "")"
            })
    }
}
