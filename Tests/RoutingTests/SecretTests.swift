import KubernetesAPI
import Routing
import Testing

@Suite("Certificates in Kubernetes Secrets")
struct SecretTests {
    private func route(_ tls: [Ingress.TLS], labels: [String: String] = [:], isOn: Bool = true) throws -> Router.Result
    {
        var web = ingress(
            "web", labels: labels, [rule("a.example.com", path("/")), rule("b.example.com", path("/"))])
        web.spec.tls = tls
        let options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"),
            kubernetesSecrets: isOn)
        return Router(options: options).route(Snapshot(ingresses: [web], services: [service("web")]))
    }

    private func secrets(_ result: Router.Result) -> [String] {
        result.table.hosts.map {
            "\($0.host) \($0.settings.tls?.secret.map { "\($0)" } ?? "-") \($0.settings.tls != nil)"
        }
    }

    @Test("a host uses the Secret of its own entry, else of its wildcard, else of an entry without hosts")
    func choice() throws {
        let result = try route([
            .init(secretName: "rest"), .init(hosts: ["*.example.com"], secretName: "wild"),
            .init(hosts: ["A.example.com"], secretName: "own"),
        ])
        #expect(secrets(result) == ["a.example.com shop/own true", "b.example.com shop/wild true"])
        #expect(result.rejections == [])
    }

    @Test("Secrets are ignored without the flag and with the label ssl", arguments: [true, false])
    func off(isOn: Bool) throws {
        let entry = Ingress.TLS(hosts: ["a.example.com"], secretName: "own")
        let result = try route([entry], labels: isOn ? ["ssl": "true"] : [:], isOn: isOn)
        #expect(secrets(result) == ["a.example.com - \(isOn)", "b.example.com - \(isOn)"])
        #expect(result.rejections.map(\.field) == (isOn ? [] : ["spec.tls[0].hosts[0]"]))
    }

    @Test("settings for TLS are rejected if one of several hosts has no Secret")
    func bareHost() throws {
        let entry = Ingress.TLS(hosts: ["a.example.com"], secretName: "own")
        let result = try route([entry], labels: ["httpsOnly": "true"])
        #expect(
            result.rejections.map(\.explanation) == [
                "expected the label ssl: \"true\" as well; without it there is no https for b.example.com"
            ])
    }

    @Test("an entry without hosts is rejected without the label and without Secrets")
    func withoutHosts() throws {
        let result = try route([Ingress.TLS(secretName: "all")], isOn: false)
        #expect(result.rejections.map(\.field) == ["spec.tls[0]"])
    }

    @Test("TLS for the catch-all is rejected without a default certificate", arguments: [true, false])
    func catchAll(hasDefault: Bool) throws {
        let backend = Ingress.Backend.service(name: "web", port: .number(80))
        let options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"),
            hasDefaultCertificate: hasDefault)
        let ingresses = [
            ingress("only", labels: ["ssl": "true"], defaultBackend: backend),
            ingress("rule", labels: ["ssl": "true"], [rule("a.example.com"), rule("")]),
        ]
        for (ingress, field) in zip(ingresses, ["spec.defaultBackend", "spec.rules[1].host"]) {
            let result = Router(options: options).route(Snapshot(ingresses: [ingress], services: [service("web")]))
            #expect(result.rejections.map(\.field) == (hasDefault ? [] : [field]))
        }
    }

    @Test("an entry without a valid name and a host that no rule names are rejected")
    func rejected() throws {
        let result = try route([
            .init(hosts: ["a.example.com"]), .init(hosts: ["b.example.com"], secretName: "../x"),
            .init(hosts: ["c.example.com"], secretName: "own"),
        ])
        #expect(
            result.rejections.map(\.field) == [
                "spec.tls[0].secretName", "spec.tls[1].secretName", "spec.tls[2].hosts[0]",
            ])
        #expect(secrets(result) == ["a.example.com - false", "b.example.com - false"])
    }
}
