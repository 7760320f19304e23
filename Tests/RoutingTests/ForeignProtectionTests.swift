import Foundation
import KubernetesAPI
import Testing

@testable import Routing

@Suite("Hosts that another controller protects")
struct ForeignProtectionTests {
    private static let nginx = "nginx.ingress.kubernetes.io/"

    private func routed(_ annotations: [String: String]) throws -> Router.Result {
        try route([ingress("a", annotations: annotations, [rule("a.example.com"), rule("b.example.com")])])
    }

    @Test("every annotation of the table closes all hosts of its Ingress, and the rejection names it and the remedy")
    func closes() throws {
        #expect(ForeignProtection.byName.count > 80)
        for protection in ForeignProtection.byName.values {
            let value: String
            switch protection.values {
            case .any: value = "x"
            case .addresses: value = "10.0.0.0/8"
            case .directives(let directives): value = "a;\n\(directives[0]) b;"
            }
            let result = try routed([protection.name: value])
            #expect(result.table.hosts.map(\.settings.closedBy) == [protection.name, protection.name])
            let rejection = try #require(result.rejections.first)
            #expect(result.rejections.count == 1)
            #expect(rejection.reason == .hostClosed)
            #expect(rejection.field == "metadata.annotations[\(protection.name)]")
            let remedy = protection.equivalent.map { "replace it with \($0.name), or remove it" } ?? "remove it;"
            #expect(rejection.explanation.contains(remedy))
            #expect(IngressMetadata.filter.annotations(protection.name), "kept when the object is read")
        }
    }

    @Test(
        "the protections of the common controllers are in the table",
        arguments: [
            "nginx.ingress.kubernetes.io/whitelist-source-range", "nginx.ingress.kubernetes.io/allowlist-source-range",
            "nginx.ingress.kubernetes.io/denylist-source-range", "nginx.ingress.kubernetes.io/auth-type",
            "nginx.ingress.kubernetes.io/auth-url", "nginx.ingress.kubernetes.io/auth-tls-secret",
            "nginx.ingress.kubernetes.io/enable-modsecurity", "nginx.org/basic-auth-secret",
            "haproxy.org/allow-list", "haproxy-ingress.github.io/auth-url", "haproxy-ingress.github.io/oauth",
            "traefik.ingress.kubernetes.io/router.middlewares", "alb.ingress.kubernetes.io/auth-type",
            "alb.ingress.kubernetes.io/inbound-cidrs", "konghq.com/plugins",
        ])
    func common(name: String) throws {
        #expect(try routed([name: "192.0.2.0/24"]).table.hosts.allSatisfy { $0.settings.closedBy == name })
    }

    @Test(
        "a value that protects nothing does not close",
        arguments: [
            ("auth-url", ""), ("auth-url", "  "), ("auth-url", "\"\""), ("enable-global-auth", "false"),
            ("enable-modsecurity", "False"), ("auth-tls-verify-client", "off"), ("auth-type", "none"),
            ("whitelist-source-range", "0.0.0.0/0, ::/0"), ("server-snippet", "gzip on;"),
        ])
    func harmless(name: String, value: String) throws {
        let result = try routed([Self.nginx + name: value])
        #expect(result.rejections.isEmpty)
        #expect(result.table.hosts.allSatisfy { $0.settings.closedBy == nil })
    }

    @Test(
        "annotations that rewrite or tune do not close",
        arguments: [
            "rewrite-target", "proxy-body-size", "ssl-redirect", "use-regex", "limit-rps", "auth-realm", "enable-cors",
            "backend-protocol", "affinity",
        ])
    func tuning(name: String) throws {
        #expect(try routed([Self.nginx + name: "x"]).table.hosts.allSatisfy { $0.settings.closedBy == nil })
    }

    @Test("the own annotation beside it does not open the host, its removal does, and other Ingresses stay open")
    func removal() throws {
        let foreign = [Self.nginx + "auth-url": "http://x"]
        let own = ["vault-ingress.io/allow-from": "10.0.0.0/8"]
        #expect(try routed(foreign.merging(own) { $1 }).table.hosts.allSatisfy { $0.settings.closedBy != nil })
        #expect(try routed(own).table.hosts.allSatisfy { $0.settings.closedBy == nil })
        let other = try route([
            ingress("a", annotations: foreign, [rule("a.example.com")]), ingress("b", [rule("b.example.com")]),
        ])
        #expect(other.table.hosts.map { $0.settings.closedBy == nil } == [false, true])
    }

    @Test("each annotation is reported, whatever else is rejected")
    func all() throws {
        var annotations = Dictionary(uniqueKeysWithValues: (0..<200).map { ("vault-ingress.io/none-\($0)", "x") })
        annotations[Self.nginx + "auth-url"] = "http://x"
        annotations[Self.nginx + "auth-type"] = "basic"
        let closed = try routed(annotations).rejections.filter { $0.reason == .hostClosed }
        #expect(closed.map(\.field).map { $0.suffix(10) } == ["auth-type]", "/auth-url]"])
    }

    @Test("the setting is coded")
    func coded() throws {
        var settings = HostSettings()
        settings.closedBy = Self.nginx + "auth-url"
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(HostSettings.self, from: data) == settings)
    }
}
