import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Certificates under the shipped policy, role and account")
    struct ShippedVaultTests {
        private static func text(_ name: String) throws -> String {
            try String(contentsOf: Tools.checkout.appending(path: "manifests/\(name)"), encoding: .utf8)
        }

        @Test("put, labelled, served; rotated, served; deleted, kept: by an account that cannot read a Secret")
        func shipped() async throws {
            let bed = try await ClusterTests.bed.get()
            let api = bed.api
            try await api.apply(yaml: try Self.text("account.yaml"))
            let token = try await api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            let jwt = bed.folder.appending(path: "vault-ingress.jwt")
            try token.write(to: jwt, atomically: true, encoding: .utf8)
            let bao = try await vault(api)
            let host = "tls.example.com"
            let authority = try await CertificateAuthority(folder: TemporaryFolder.make("ca"))
            func put() async throws -> String? {
                let pair = try await authority.issue("test", names: ["DNS:\(host)"])
                try await bao.call("POST", "secret/data/ssl/\(host)", ["data": try pair.fields])
                return pair.body
            }

            let namespace = try await bed.makeNamespace()
            let address = try await bed.makeService("web", namespace: namespace)
            let kubeconfig = try await Kubeconfig.write(
                "account-kubeconfig", user: .token(token), server: api, folder: bed.folder)
            let controller = try await Controller.start(
                folder: bed.folder, source: .kubeconfig(kubeconfig), resolver: bed.dns.address,
                flags: ["--reload-interval", "100ms", "--vault-refresh", "1s", "--vault-auth", "kubernetes"]
                    + ["--vault-role", "vault-ingress", "--vault-jwt-file", jwt.path],
                environment: ["VAULT_ADDR": bao.address, "VAULT_MAX_RETRIES": "0"])
            func shows(_ certificate: String?) async throws {
                try await eventually("\(host) is shown its certificate, over HTTP/2", showing: [controller.process]) {
                    let found = try await TLSHandshake.with(
                        port: controller.httpsPort, name: host, folder: bed.folder)
                    guard let certificate, found == .shown(certificate: certificate, alpn: "h2") else {
                        throw BedError("\(found)")
                    }
                    return true
                }
            }
            let first = try await put()
            let ingress = bed.ingress("web", namespace: namespace, host: host)
            try await api.apply(ingress)
            try await controller.serves(host)
            try await api.patch(ingress, ["metadata": ["labels": ["ssl": "true", "http2": "true"]]])
            try await shows(first)
            let request = controller.request(
                host: host, trust: .pem(Array(try Data(contentsOf: authority.certificate))))
            #expect(try await controller.answer(request).serverAddress == address)
            let second = try await Load.during(request, tasks: 2) {
                let second = try await put()
                try await shows(second)
                return second
            }
            #expect(second.load.failures.isEmpty)
            try await bao.call("DELETE", "secret/data/ssl/\(host)")
            try await eventually("it is stale", showing: [controller.process]) {
                try await controller.status()["certificates"][0]["state"].string == "stale"
            }
            try await shows(second.value)

            for path in ["/api/v1/secrets", "/api/v1/namespaces/\(namespace)/secrets"] {
                #expect(try await api.send("GET", path, token: token).status == 403)
            }
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("logged in to Vault"))
            #expect(!log.contains(token))
            await controller.stop()
            await bao.process.stop()
        }

        /// A server that knows the shipped policy and role, and asks the API server who an account is.
        private func vault(_ api: APIServer) async throws -> BaoServer {
            let bao = try await BaoServer.start()
            try await bao.call(
                "PUT", "sys/policies/acl/vault-ingress", ["policy": .string(try Self.text("vault/policy.hcl"))])
            try await bao.call("POST", "sys/auth/kubernetes", ["type": "kubernetes"])
            try await bao.call(
                "POST", "auth/kubernetes/config",
                [
                    "kubernetes_host": .string(api.url), "token_reviewer_jwt": .string(APIServer.adminToken),
                    "kubernetes_ca_cert": .string(try String(contentsOf: api.authority.certificate, encoding: .utf8)),
                ])
            try await bao.call(
                "POST", "auth/kubernetes/role/vault-ingress",
                try JSON(parsing: Array(try Self.text("vault/role.json").utf8)))
            return bao
        }
    }
}
