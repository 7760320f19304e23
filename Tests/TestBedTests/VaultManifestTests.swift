import Foundation
import HTTPClient
import TestBed
import Testing

/// The permissions that manifests/vault/ grants the controller's account, with a real OpenBao and API server.
@Suite("Manifests for Vault")
struct VaultManifestTests {
    private static func text(_ name: String) throws -> String {
        try String(contentsOf: Tools.checkout.appending(path: "manifests/\(name)"), encoding: .utf8)
    }

    @Test("with the shipped role, the controller's account may read certificates and nothing else")
    func policyAndRole() async throws {
        let api = try await sharedBed.get().api
        try await api.apply(yaml: try Self.text("account.yaml"))
        try await api.apply([
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": ["name": "other", "namespace": "vault-ingress"],
        ])
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
        for path in ["secret/data/ssl/shop.example.com", "secret/data/ssl/*.example.com", "secret/data/other"] {
            try await bao.call("POST", path, ["data": ["crt": "C", "key": "K"]])
        }

        let client = HTTPClient()
        defer { client.shutdown() }
        func send(_ method: String, _ path: String, _ body: JSON? = nil, token: String? = nil) async throws
            -> HTTPResponse
        {
            var headers = HTTPHeaders()
            if let token { headers = ["X-Vault-Token": token] }
            return try await client.send(
                HTTPRequest(method: method, url: "\(bao.address)/v1/\(path)", headers: headers, body: try body?.bytes))
        }
        func logIn(_ account: String, audience: String? = "vault") async throws -> HTTPResponse {
            let jwt = try await api.token(serviceAccount: account, namespace: "vault-ingress", audience: audience)
            return try await send("POST", "auth/kubernetes/login", ["role": "vault-ingress", "jwt": .string(jwt)])
        }
        #expect(try await logIn("other").status == 403)
        #expect(try await logIn("vault-ingress", audience: nil).status != 200, "a token for the API server")
        let login = try JSON(parsing: try await logIn("vault-ingress").body)
        let token = try #require(login["auth"]["client_token"].string)

        let table: KeyValuePairs = [
            "secret/data/ssl/shop.example.com": 200, "secret/data/ssl/*.example.com": 200,
            "secret/metadata/ssl/shop.example.com": 200, "secret/data/other": 403, "secret/metadata/ssl?list=true": 403,
            "sys/mounts": 403, "sys/policies/acl/vault-ingress": 403, "auth/kubernetes/role/vault-ingress": 403,
        ]
        for (path, status) in table {
            #expect(try await send("GET", path, token: token).status == status, "GET \(path)")
        }
        let change: JSON = ["data": ["crt": "X"]]
        #expect(try await send("POST", "secret/data/ssl/shop.example.com", change, token: token).status == 403)
        #expect(try await send("DELETE", "secret/data/ssl/shop.example.com", token: token).status == 403)
        await bao.process.stop()
    }

    @Test("with token-secret.yaml, the controller's account may read only that Secret")
    func tokenSecret() async throws {
        let api = try await sharedBed.get().api
        try await api.apply(yaml: try Self.text("account.yaml"))
        for name in ["vault-token", "other"] {
            try await api.apply([
                "apiVersion": "v1", "kind": "Secret",
                "metadata": ["name": .string(name), "namespace": "vault-ingress"],
                "stringData": ["token": "t"],
            ])
        }
        try await api.apply(yaml: try Self.text("vault/token-secret.yaml"))
        let token = try await api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
        let secrets = "/api/v1/namespaces/vault-ingress/secrets"
        for (path, status) in ["/vault-token": 200, "/other": 403, "": 403] {
            try await eventually("GET \(secrets)\(path) is answered \(status)") {
                try await api.send("GET", secrets + path, token: token).status == status
            }
        }
    }
}
