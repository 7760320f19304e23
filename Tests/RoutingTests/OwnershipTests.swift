import KubernetesAPI
import Routing
import Testing

@Suite("Owners of hosts")
struct OwnershipTests {
    @Test("an older Ingress keeps its host, and the rejection of the younger one names it")
    func oldestWins() throws {
        let result = try route([
            ingress("young", created: 2, [rule("a.example.com", path("/"))]),
            ingress("old", created: 1, [rule("a.example.com", path("/"))]),
        ])
        #expect(result.owners == ["a.example.com": "shop/old"])
        let rejection = try #require(result.rejections.first)
        #expect(rejection.reason == .hostConflict(owner: OwnerRef(kind: .ingress, namespace: "shop", name: "old")))
        #expect(
            rejection.description
                == #"Ingress shop/young: spec.rules[0].host "a.example.com": already owned by Ingress shop/old; "#
                + "remove it from one of the two")
    }

    @Test("at equal age the namespace decides, then the name")
    func tieBreak() throws {
        let result = try route([
            ingress("a", namespace: "zoo", [rule("x.example.com")]),
            ingress("b", namespace: "shop", [rule("x.example.com"), rule("y.example.com")]),
            ingress("a", namespace: "shop", [rule("y.example.com")]),
        ])
        #expect(result.owners == ["x.example.com": "shop/b", "y.example.com": "shop/a"])
    }

    @Test("an Ingress that loses a host keeps its other hosts")
    func partialLoss() throws {
        let result = try route([
            ingress("old", created: 1, [rule("a.example.com")]),
            ingress("young", created: 2, [rule("a.example.com"), rule("b.example.com")]),
        ])
        #expect(result.owners == ["a.example.com": "shop/old", "b.example.com": "shop/young"])
    }

    @Test("the case of a host is ignored")
    func caseInsensitive() throws {
        let result = try route([
            ingress("old", created: 1, [rule("A.Example.COM")]), ingress("young", created: 2, [rule("a.example.com")]),
        ])
        #expect(result.owners == ["a.example.com": "shop/old"])
    }

    @Test("a wildcard, the exact name and the empty host are three hosts")
    func differentHosts() throws {
        let result = try route([
            ingress("a", created: 1, [rule("*.example.com")]), ingress("b", created: 2, [rule("www.example.com")]),
            ingress("c", created: 3, [rule("")]),
        ])
        #expect(result.owners == ["*.example.com": "shop/a", "www.example.com": "shop/b", "*": "shop/c"])
        #expect(result.rejections.isEmpty)
    }

    @Test("an Ingress with only a default backend claims the catch-all; one with rules does not")
    func defaultBackendClaim() throws {
        let backend = Ingress.Backend.service(name: "web", port: .number(80))
        let only = try route([ingress("a", defaultBackend: backend)])
        #expect(only.owners == ["*": "shop/a"])
        #expect(try only.answer("", "/any") == "web.shop.svc.cluster.local:80")
        let ruled = try route([ingress("a", defaultBackend: backend, [rule("a.example.com")])])
        #expect(ruled.owners == ["a.example.com": "shop/a"])
        #expect(try ruled.answer("a.example.com", "/any") == "web.shop.svc.cluster.local:80")
    }

    @Test("two rules for one host in one Ingress are one host")
    func mergedRules() throws {
        let result = try route(
            [ingress("a", [rule("a.example.com", path("/x")), rule("a.example.com", path("/y", to: "api"))])],
            services: [service("web"), service("api")])
        #expect(result.table.hosts.count == 1)
        #expect(try result.answer("a.example.com", "/y") == "api.shop.svc.cluster.local:80")
        #expect(result.rejections.isEmpty)
    }
}

@Suite("Ingress classes")
struct ClassTests {
    private static let ours = IngressClass(
        metadata: ObjectMeta(name: "public"), controller: "vault-ingress.io/controller")
    private static let theirs = IngressClass(metadata: ObjectMeta(name: "other"), controller: "example.com/other")

    @Test(
        "the class decides whether an Ingress is handled",
        arguments: [
            (className: "public", annotation: nil, required: false, isOurs: true),
            (className: "other", annotation: nil, required: false, isOurs: false),
            (className: "missing", annotation: nil, required: false, isOurs: false),
            (className: "other", annotation: "vault-ingress", required: false, isOurs: false),
            (className: nil, annotation: "vault-ingress", required: true, isOurs: true),
            (className: nil, annotation: "nginx", required: false, isOurs: false),
            (className: nil, annotation: nil, required: false, isOurs: true),
            (className: nil, annotation: nil, required: true, isOurs: false),
        ] as [(className: String?, annotation: String?, required: Bool, isOurs: Bool)])
    func decides(className: String?, annotation: String?, required: Bool, isOurs: Bool) throws {
        let annotations = annotation.map { ["kubernetes.io/ingress.class": $0] } ?? [:]
        let result = try route(
            [ingress("a", className: className, annotations: annotations, [rule("a.example.com")])],
            classes: [Self.ours, Self.theirs], requireIngressClass: required)
        #expect(result.owners.isEmpty != isOurs)
        #expect(result.rejections.isEmpty, "an Ingress of another controller has no rejections")
    }
}
