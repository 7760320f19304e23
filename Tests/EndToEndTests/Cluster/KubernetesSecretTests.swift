import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Certificates from Kubernetes Secrets, with the permissions of manifests/")
    struct KubernetesSecretTests {
        private static func manifest(_ name: String) throws -> String {
            try String(contentsOf: Tools.checkout.appending(path: "manifests/\(name)"), encoding: .utf8)
        }

        private func secret(_ name: String, _ namespace: String, host: String, _ bed: Bed) async throws -> JSON {
            let pair = try await bed.api.authority.issue("test", names: ["DNS:\(host)"])
            return [
                "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "data": [
                    "tls.crt": .string(try Data(contentsOf: pair.certificate).base64EncodedString()),
                    "tls.key": .string(try Data(contentsOf: pair.key).base64EncodedString()),
                ],
            ]
        }

        /// A controller that uses its own ServiceAccount and no Vault.
        private func start(_ bed: Bed, flags: [String]) async throws -> Controller {
            let token = try await bed.api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            let folder = try TemporaryFolder.make("account")
            let kubeconfig = try await Kubeconfig.write(user: .token(token), server: bed.api, folder: folder)
            return try await Controller.start(
                folder: bed.folder, source: .kubeconfig(kubeconfig), resolver: bed.dns.address,
                flags: ["--vault-refresh", "1s"] + flags)
        }

        private func shown(_ host: String, _ controller: Controller, _ bed: Bed) async throws -> String {
            let folder = try TemporaryFolder.make("shown")
            return "\(try await TLSHandshake.with(port: controller.httpsPort, name: host, folder: folder))"
        }

        @Test("basic-auth reads the key auth of a Secret, and a changed Secret applies without a reload")
        func users() async throws {
            let bed = try await ClusterTests.bed.get()
            try await bed.api.apply(yaml: try Self.manifest("account.yaml"))
            let namespace = try await bed.makeNamespace()
            // In this namespace only: the other test needs an account without the permission.
            try await bed.api.apply(
                yaml: try Self.manifest("kubernetes-secrets/rbac.yaml")
                    .replacing("kind: ClusterRole\nmetadata:", with: "kind: Role\nmetadata:\n  namespace: \(namespace)")
                    .replacing(
                        "kind: ClusterRoleBinding\nmetadata:",
                        with: "kind: RoleBinding\nmetadata:\n  namespace: \(namespace)"
                    )
                    .replacing("kind: ClusterRole\n", with: "kind: Role\n"))
            let host = "\(namespace).example.com"
            _ = try await bed.makeService("web", namespace: namespace)
            var ingress = bed.ingress("web", namespace: namespace, host: host)
            ingress["metadata"]["annotations"] = ["vault-ingress.io/basic-auth": "secret:users"]
            try await bed.api.apply(ingress)
            let controller = try await start(bed, flags: ["--kubernetes-secrets"])
            func status(_ user: String) async throws -> Int {
                let credentials = Data("\(user):\(BasicAuthSite.password)".utf8).base64EncodedString()
                return try await controller.send(
                    controller.request(host: host, headers: ["Authorization": "Basic \(credentials)"])
                ).status
            }
            try await eventually("the host is closed without the Secret") { try await status("anna") == 503 }
            let hash = try await BasicAuthSite.hash(folder: bed.folder)
            for (user, other) in [("anna", "berta"), ("berta", "anna")] {
                try await bed.api.apply([
                    "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                    "metadata": ["name": "users", "namespace": .string(namespace)],
                    "data": ["auth": .string(Data("\(user):\(hash)\n".utf8).base64EncodedString())],
                ])
                try await eventually("\(user) has access", showing: [controller.process]) {
                    try await status(user) == 200
                }
                #expect(try await status(other) == 401)
            }
            await controller.stop()
        }

        @Test(
            "spec.tls needs the flag and the permission: each is reported if it is missing, and with both the host has TLS"
        )
        func secrets() async throws {
            let bed = try await ClusterTests.bed.get()
            try await bed.api.apply(yaml: try Self.manifest("account.yaml"))
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).example.com"
            _ = try await bed.makeService("web", namespace: namespace)
            var ingress = bed.ingress("web", namespace: namespace, host: host)
            ingress["spec"]["tls"] = [["hosts": [.string(host)], "secretName": "web-tls"]]
            try await bed.api.apply(ingress)
            try await bed.api.apply(try await secret("web-tls", namespace, host: host, bed))

            let plain = try await start(bed, flags: [])
            try await plain.serves(host)
            #expect(
                try await plain.status()["rejections"].array
                    .contains { $0["field"].string == "spec.tls[0].hosts[0]" && $0["value"].string == host })
            await plain.stop()

            let controller = try await start(bed, flags: ["--kubernetes-secrets"])
            try await eventually("the missing permission is reported", showing: [controller.process]) {
                try await controller.status()["certificates"].array.contains {
                    $0["host"].string == host && $0["reason"].string?.contains("forbidden") == true
                }
            }
            try await controller.serves(host)

            try await bed.api.apply(yaml: try Self.manifest("kubernetes-secrets/rbac.yaml"))
            let trust = Array(try Data(contentsOf: bed.api.authority.certificate))
            let request = controller.request(host: host, trust: .pem(trust))
            try await eventually("\(host) is served over TLS", showing: [controller.process]) {
                try await controller.send(request).status == 200
            }
            let first = try await shown(host, controller, bed)
            try await bed.api.apply(try await secret("web-tls", namespace, host: host, bed))
            try await eventually("the next certificate is shown", showing: [controller.process]) {
                try await shown(host, controller, bed) != first
            }
            let second = try await shown(host, controller, bed)
            // A certificate for another host is rejected, and the last good one stays.
            try await bed.api.apply(try await secret("web-tls", namespace, host: "other.example.com", bed))
            try await eventually("the certificate is stale", showing: [controller.process]) {
                try await controller.status()["certificates"].array.contains {
                    $0["host"].string == host && $0["state"].string == "stale"
                        && $0["source"].string == "secret:\(namespace)/web-tls"
                }
            }
            #expect(try await shown(host, controller, bed) == second)
            let token = try await bed.api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            #expect(
                try await bed.api.send("GET", "/api/v1/namespaces/\(namespace)/secrets", token: token).status == 403)
            await controller.stop()
            for kind in ["clusterrolebindings", "clusterroles"] {
                _ = try await bed.api.send(
                    "DELETE", "/apis/rbac.authorization.k8s.io/v1/\(kind)/vault-ingress-secrets",
                    token: APIServer.adminToken)
            }
        }
    }
}
