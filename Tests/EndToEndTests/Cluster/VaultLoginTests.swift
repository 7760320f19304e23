import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Login to Vault, with the permissions of manifests/")
    struct VaultLoginTests {
        private static func manifest(_ name: String) throws -> String {
            try String(contentsOf: Tools.checkout.appending(path: "manifests/\(name)"), encoding: .utf8)
        }

        /// An OpenBao with the shipped policy, login for the cluster's accounts, and a certificate of the host.
        private func vault(_ host: String, _ bed: Bed) async throws -> BaoServer {
            let bao = try await BaoServer.start()
            try await bao.call(
                "PUT", "sys/policies/acl/vault-ingress", ["policy": .string(try Self.manifest("vault/policy.hcl"))])
            try await bao.call("POST", "sys/auth/kubernetes", ["type": "kubernetes"])
            let authority = try String(contentsOf: bed.api.authority.certificate, encoding: .utf8)
            try await bao.call(
                "POST", "auth/kubernetes/config",
                [
                    "kubernetes_host": .string(bed.api.url), "token_reviewer_jwt": .string(APIServer.adminToken),
                    "kubernetes_ca_cert": .string(authority),
                ])
            try await bao.call(
                "POST", "auth/kubernetes/role/vault-ingress",
                try JSON(parsing: Array(try Self.manifest("vault/role.json").utf8)))
            let pair = try await bed.api.authority.issue("test", names: ["DNS:\(host)"])
            try await bao.call(
                "POST", "secret/data/ssl/\(host)",
                [
                    "data": [
                        "crt": .string(try String(contentsOf: pair.certificate, encoding: .utf8)),
                        "key": .string(try String(contentsOf: pair.key, encoding: .utf8)),
                    ]
                ])
            return bao
        }

        /// A controller that uses its own ServiceAccount.
        private func start(
            _ bed: Bed, _ bao: BaoServer, flags: [String] = [], environment: [String: String]
        ) async throws -> Controller {
            let token = try await bed.api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            let folder = try TemporaryFolder.make("account")
            let jwt = folder.appending(path: "token")
            try token.write(to: jwt, atomically: true, encoding: .utf8)
            let kubeconfig = try await Kubeconfig.write(user: .tokenFile(jwt), server: bed.api, folder: folder)
            let vaultToken = try await bed.api.token(
                serviceAccount: "vault-ingress", namespace: "vault-ingress", audience: "vault")
            let vaultJWT = folder.appending(path: "vault-token")
            try vaultToken.write(to: vaultJWT, atomically: true, encoding: .utf8)
            var environment = environment
            environment["VAULT_ADDR"] = bao.address
            return try await Controller.start(
                folder: bed.folder, source: .kubeconfig(kubeconfig), resolver: bed.dns.address,
                flags: ["--vault-refresh", "1s", "--vault-jwt-file", vaultJWT.path] + flags, environment: environment)
        }

        @Test(
            "a new and a rotated certificate are served, a deleted one is kept, with an account that cannot read Secrets"
        )
        func kubernetesLogin() async throws {
            let bed = try await ClusterTests.bed.get()
            try await bed.api.apply(yaml: try Self.manifest("account.yaml"))
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).example.com"
            let bao = try await vault(host, bed)
            _ = try await bed.makeService("web", namespace: namespace)
            let controller = try await start(
                bed, bao, flags: ["--vault-auth", "kubernetes", "--vault-role", "vault-ingress"], environment: [:])
            let ingress = bed.ingress("web", namespace: namespace, host: host)
            try await bed.api.apply(ingress)
            try await controller.serves(host)
            try await bed.api.patch(ingress, ["metadata": ["labels": ["ssl": "true", "http2": "true"]]])
            let trust = Array(try Data(contentsOf: bed.api.authority.certificate))
            let request = controller.request(host: host, trust: .pem(trust))
            try await eventually("\(host) is served over TLS", showing: [controller.process]) {
                try await controller.send(request).status == 200
            }

            let next = try await bed.api.authority.issue("test", names: ["DNS:\(host)"])
            func showsNext() async throws {
                let shown = TLSHandshake.shown(certificate: try #require(next.body), alpn: "h2")
                try await eventually("clients of \(host) are shown the next certificate", showing: [controller.process])
                {
                    try await TLSHandshake.with(port: controller.httpsPort, name: host, folder: bed.folder) == shown
                }
            }
            let load = try await Load.during(request, tasks: 2) {
                try await bao.call("POST", "secret/data/ssl/\(host)", ["data": try next.fields])
                try await showsNext()
            }.load
            #expect(load.failures.isEmpty)
            try await bao.call("DELETE", "secret/data/ssl/\(host)")
            try await eventually("the certificate is stale", showing: [controller.process]) {
                try await controller.status()["certificates"].array
                    .contains { $0["host"].string == host && $0["state"].string == "stale" }
            }
            try await showsNext()

            let token = try await bed.api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            #expect(
                try await bed.api.send("GET", "/api/v1/namespaces/\(namespace)/secrets", token: token).status == 403)
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("logged in to Vault"))
            // The beginning of every JWT: {"alg":
            #expect(!log.contains("eyJhbGciOi"))
            func tokens() async throws -> Int {
                try await bao.call("LIST", "auth/token/accessors")["data"]["keys"].array.count
            }
            #expect(try await tokens() == 2, "the root token and that of the login")
            await controller.stop()
            #expect(try await tokens() == 1, "the login is revoked at shutdown")
            await bao.process.stop()
        }

        @Test("the login works with a token in a Secret, with permission to read only that Secret")
        func tokenSecret() async throws {
            let bed = try await ClusterTests.bed.get()
            try await bed.api.apply(yaml: try Self.manifest("account.yaml"))
            try await bed.api.apply(yaml: try Self.manifest("vault/token-secret.yaml"))
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).example.com"
            let bao = try await vault(host, bed)
            let token = try await bao.token(policies: ["vault-ingress"])
            try await bed.api.apply([
                "apiVersion": "v1", "kind": "Secret",
                "metadata": ["name": "vault-token", "namespace": "vault-ingress"],
                "stringData": ["token": .string(token)],
            ])
            _ = try await bed.makeService("web", namespace: namespace)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: host, labels: ["ssl": "true"]))
            let controller = try await start(
                bed, bao, environment: ["VAULT_TOKEN_SECRET": "vault-ingress/vault-token"])
            let trust = Array(try Data(contentsOf: bed.api.authority.certificate))
            try await eventually("\(host) is served over TLS", showing: [controller.process]) {
                try await controller.send(controller.request(host: host, trust: .pem(trust))).status == 200
            }
            #expect(!(try String(contentsOf: controller.process.log, encoding: .utf8)).contains(token))
            await controller.stop()
            await bao.process.stop()
        }
    }
}
