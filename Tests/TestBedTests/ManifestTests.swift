import Foundation
import HTTPClient
import TestBed
import Testing

/// The files in manifests/ and examples/, with a real API server.
@Suite("Manifests")
struct ManifestTests {
    private static let folder = Tools.checkout.appending(path: "manifests")

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test(
        "the API server accepts every object and stores every field",
        arguments: [
            "account.yaml", "ingressclass.yaml", "daemonset.yaml", "replicationcontroller/replicationcontroller.yaml",
            "kubernetes-secrets/rbac.yaml", "example/example.yaml", "vault/openbao.yaml", "vault/settings.yaml",
            "vault/token-secret.yaml",
        ])
    func accepted(name: String) async throws {
        let api = try await sharedBed.get().api
        // A dry run needs the namespace too.
        for namespace in ["vault-ingress", "openbao"] {
            try await api.apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]])
        }
        for document in try JSON.documents(yaml: try Self.text(name)) {
            let answer = try await api.apply(document, dryRun: true)
            // The server silently drops unknown fields.
            #expect(missing(from: answer, of: document) == [])
        }
    }

    @Test("the DaemonSet and the ReplicationController run the same pod")
    func samePod() throws {
        let daemonSet = try JSON.documents(yaml: try Self.text("daemonset.yaml"))
        let controller = try JSON.documents(yaml: try Self.text("replicationcontroller/replicationcontroller.yaml"))
        #expect(daemonSet[0]["spec"]["template"] != .null)
        #expect(daemonSet[0]["spec"]["template"] == controller[0]["spec"]["template"])
    }

    @Test("the controller's account may read what it routes, and no Secrets")
    func account() async throws {
        let api = try await sharedBed.get().api
        try await api.apply(yaml: try Self.text("account.yaml"))
        let token = try await api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
        let paths = [
            "/apis/networking.k8s.io/v1/ingresses": 200, "/apis/networking.k8s.io/v1beta1/ingresses": 200,
            "/apis/extensions/v1beta1/ingresses": 200, "/apis/networking.k8s.io/v1/ingressclasses": 200,
            "/apis/discovery.k8s.io/v1beta1/endpointslices": 200, "/api/v1/services": 200, "/api/v1/secrets": 403,
            "/api/v1/namespaces/vault-ingress/secrets": 403,
            "/api/v1/configmaps": 403, "/api/v1/pods": 403,
        ]
        for (path, status) in paths {
            try await eventually("GET \(path) is answered \(status)") {
                try await api.send("GET", path, token: token).status == status
            }
        }
        let create: JSON = [
            "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "other"],
            "spec": ["controller": "example.com/other"],
        ]
        let path = "/apis/networking.k8s.io/v1/ingressclasses"
        #expect(try await api.send("POST", path, body: create, token: token).status == 403)
    }

    @Test("the API server accepts every example and stores every field")
    func examples() async throws {
        let api = try await sharedBed.get().api
        let folder = Tools.checkout.appending(path: "examples")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(!files.isEmpty)
        for file in files.sorted() {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for document in try JSON.documents(yaml: text) {
                #expect(missing(from: try await api.apply(document, dryRun: true), of: document) == [])
            }
        }
    }

    /// The paths of the members of `written` that are missing in `stored`.
    private func missing(from stored: JSON, of written: JSON, path: String = "") -> [String] {
        switch written {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
                if stored[name] == .null { return value == .object([:]) ? [] : ["\(path).\(name)"] }
                return missing(from: stored[name], of: value, path: "\(path).\(name)")
            }
        case .array(let elements):
            elements.indices.flatMap { missing(from: stored[$0], of: elements[$0], path: "\(path)[\($0)]") }
        case .null, .bool, .integer, .number, .string: []
        }
    }
}
