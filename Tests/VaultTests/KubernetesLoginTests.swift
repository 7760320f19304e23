import Basics
import Foundation
import TestBed
import Testing

@testable import Vault

@Suite("Kubernetes login with the API server's real TokenReview")
struct KubernetesLoginTests {
    @Test("a ServiceAccount's token logs in to its role, the token of another account does not")
    func login() async throws {
        let folder = try TemporaryFolder.make("login")
        let etcd = try await Etcd.start(folder: folder)
        let api = try await APIServer.start(etcd: etcd, folder: folder)
        let server = try await BaoServer.start()
        try await server.policy("read", ["secret/data/ssl/*": ["read"]])
        try await server.call("POST", "secret/data/ssl/a", ["data": ["crt": "C"]])
        try await server.call("POST", "sys/auth/kubernetes", ["type": "kubernetes"])
        try await server.call(
            "POST", "auth/kubernetes/config",
            [
                "kubernetes_host": .string(api.url), "token_reviewer_jwt": .string(APIServer.adminToken),
                "kubernetes_ca_cert": .string(try String(contentsOf: api.authority.certificate, encoding: .utf8)),
                "disable_iss_validation": true,
            ])
        try await server.call(
            "POST", "auth/kubernetes/role/ingress",
            [
                "bound_service_account_names": ["ingress"], "bound_service_account_namespaces": ["default"],
                "token_policies": ["read"], "token_ttl": "1h",
            ])

        func vault(account: String) async throws -> VaultClient {
            try await api.apply([
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": .string(account), "namespace": "default"],
            ])
            let request: JSON = [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 3600],
            ]
            let answer = try await api.call(
                "POST", "/api/v1/namespaces/default/serviceaccounts/\(account)/token", body: request)
            let file = folder.appending(path: "\(account).jwt")
            try Data(try #require(answer["status"]["token"].string).utf8).write(to: file)
            return try server.vault(.kubernetes(role: "ingress", jwtFile: file.path))
        }

        let ingress = try await vault(account: "ingress")
        #expect(try await ingress.readSecret("secret/ssl/a")?.version?.number == 1)
        let stranger = try await vault(account: "stranger")
        let error = await failure { () throws(VaultError) in try await stranger.logIn() }
        guard case .loginFailed("kubernetes", .permissionDenied("auth/kubernetes/login", _)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await server.process.stop()
        await api.stop()
        await etcd.process.stop()
    }
}
