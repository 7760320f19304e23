import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

import struct Foundation.Date

@testable import Controller

@Suite("Paths of certificates in Vault")
struct CertificatePathTests {
    private let owner = ObjectKey(namespace: "shop", name: "web")

    @Test(
        "the path of the host comes first, then those of the wildcards of its parent domain and below the host",
        arguments: [
            (
                "secret/ssl/{host}", "a.example.com",
                ["secret/ssl/a.example.com", "secret/ssl/*.example.com", "secret/ssl/*.a.example.com"]
            ),
            ("secret/ssl/{host}", "*.example.com", ["secret/ssl/*.example.com"]),
            (
                "kv/{namespace}/{ingress}/{host}", "a.example.com",
                ["kv/shop/web/a.example.com", "kv/shop/web/*.example.com", "kv/shop/web/*.a.example.com"]
            ),
            ("secret/ssl/{host}", "", []),
            ("/secret/data/ssl/{host}/", "*.example.com", ["secret/data/ssl/*.example.com"]),
        ])
    func paths(template: String, host: String, paths: [String]) throws {
        #expect(try CertificatePathTemplate(template).paths(host: Host(host), owner: OwnerRef(ingress: owner)) == paths)
    }

    @Test(
        "an invalid template is rejected",
        arguments: [
            "secret/ssl", "{host}", "secret/{name}/{host}", "a/{host", "", "secret//{host}", "secret/../{host}",
            "//a/{host}",
            "/{host}/",
        ])
    func invalid(template: String) {
        #expect(throws: InvalidValue.self) { try CertificatePathTemplate(template) }
    }

    @Test("a name that could lead to another path has no path", arguments: ["..", "a/b", "", "a b"])
    func unsafeNames(name: String) throws {
        let template = try CertificatePathTemplate("secret/{namespace}/{host}")
        let host = try Host("a.example.com")
        #expect(template.paths(host: host, owner: OwnerRef(kind: .ingress, namespace: name, name: "web")).isEmpty)
    }
}

@Suite("Candidates of certificates")
struct CertificatePlanTests {
    private struct Listed: CertificateProvider {
        var names: [String]

        func candidates(for host: Host, owner: OwnerRef) -> [CertificateSource] {
            names.map { .other(kind: "listed", reference: "\($0)/\(host)") }
        }

        func read(
            _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
        ) async -> ProvidedCertificate? { nil }
    }

    private func candidates(
        _ providers: [any CertificateProvider], secret: ObjectName? = nil, namespace: String = "shop"
    ) throws -> [String] {
        let settings = HostSettings(tls: secret.map(CertificateOrigin.secret) ?? .vault)
        let host = VirtualHost(
            host: try Host("a.example.com"), owner: OwnerRef(kind: .ingress, namespace: namespace, name: "web"),
            routes: [], settings: settings)
        let plan = CertificatePlan(providers: providers, defaultSource: nil)
        return try #require(plan.requests(for: RoutingTable(hosts: [host])).first).candidates.map(\.description)
    }

    @Test("the candidates of all providers are tried in the order of the providers")
    func order() throws {
        let vault = VaultProvider(vault: nil, template: try CertificatePathTemplate("secret/ssl/{host}"))
        let pki = PKIProvider(vault: nil, role: try PKIRole("pki/web"))
        #expect(
            try candidates([Listed(names: ["x", "y"]), vault, pki, KubernetesSecretProvider(cluster: nil)]) == [
                "listed:x/a.example.com", "listed:y/a.example.com", "vault:secret/ssl/a.example.com",
                "vault:secret/ssl/*.example.com", "vault:secret/ssl/*.a.example.com", "pki:pki/web",
            ])
    }

    @Test("a Secret that the Ingress names is the only candidate")
    func secret() throws {
        let name = try ObjectName(ObjectKey(namespace: "shop", name: "web-tls"))
        #expect(try candidates([Listed(names: ["x"])], secret: name) == ["secret:shop/web-tls"])
    }

    @Test("an owner whose namespace is not a DNS name has no candidates")
    func unsafeOwner() throws {
        #expect(try candidates([Listed(names: ["x"])], namespace: "..").isEmpty)
    }

    @Test("the default certificate has one candidate and no owner; hosts without TLS have none")
    func fallback() throws {
        let plain = VirtualHost(
            host: try Host("a.example.com"), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"),
            routes: [])
        let plan = CertificatePlan(providers: [Listed(names: ["x"])], defaultSource: .vault("secret/ssl/default"))
        #expect(
            plan.requests(for: RoutingTable(hosts: [plain])) == [
                CertificateRequest(subject: .unknownNames, owner: nil, candidates: [.vault("secret/ssl/default")])
            ])
    }
}
