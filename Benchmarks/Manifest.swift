import Foundation
import TestBed

/// Kubernetes objects for a folder of manifests.
enum Manifest {
    static func service(port: Int) -> JSON {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": "shop"],
            "spec": ["ports": [["port": .integer(port)]]],
        ]
    }

    /// An EndpointSlice of the Service.
    static func slice(pods: [String], port: Int) -> JSON {
        [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": ["name": "web-0", "namespace": "shop", "labels": ["kubernetes.io/service-name": "web"]],
            "ports": [["port": .integer(port), "protocol": "TCP"]],
            "endpoints": .array(pods.map { ["addresses": [.string($0)], "conditions": ["ready": true]] }),
        ]
    }

    /// An Ingress with the host `NAME.example.com`.
    static func ingress(_ name: String, path: String = "/", port: Int) -> JSON {
        let backend: JSON = ["service": ["name": "web", "port": ["number": .integer(port)]]]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["name": .string(name), "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z"],
            "spec": [
                "rules": [
                    [
                        "host": .string("\(name).example.com"),
                        "http": ["paths": [["path": .string(path), "pathType": "Prefix", "backend": backend]]],
                    ]
                ]
            ],
        ]
    }

    /// Writes the objects into one file.
    static func write(_ objects: [JSON], _ name: String, in folder: URL) throws {
        let documents = try objects.map { String(decoding: try $0.bytes, as: UTF8.self) }
        try documents.joined(separator: "\n---\n")
            .write(to: folder.appending(path: "\(name).yaml"), atomically: true, encoding: .utf8)
    }
}
