import Routing
import Testing

@Suite("Which users an Ingress may let in")
struct LockTests {
    private func lock(_ users: String, namespace: String = "shop", below prefix: String? = nil) throws
        -> (BasicAuth?, [Rejection])
    {
        var options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"))
        if let prefix { options.basicAuthPrefix = try VaultPathPrefix(prefix) }
        let result = try route(
            [
                ingress(
                    "web", namespace: namespace, annotations: [Annotation.basicAuth.name: users],
                    [rule("a.example.com", path("/"))])
            ], services: [service("web", namespace: namespace)], options: options)
        return (result.table.hosts.first?.settings.basicAuth, result.rejections)
    }

    @Test(
        "those below the prefix, element by element, and of its own namespace",
        arguments: [
            ("secret/basic-auth/shop/admin", nil, true), ("secret/basic-auth/shop/a/b", nil, true),
            ("secret/basic-auth/shop", nil, false), ("secret/basic-auth/shopping/admin", nil, false),
            ("secret/basic-auth/bank/admin", nil, false), ("secret/ssl/a.example.com", nil, false),
            ("secret/basic-auth/{namespace}/admin", nil, false), ("Secret/basic-auth/shop/admin", nil, false),
            ("kv/admin", "kv", true), ("kv2/admin", "kv", false), ("kv/team-shop/a", "kv/team-{namespace}", true),
            ("kv/team-bank/a", "kv/team-{namespace}", false),
        ] as [(String, String?, Bool)])
    func prefix(path: String, prefix: String?, isAllowed: Bool) throws {
        let (lock, rejections) = try lock(path, below: prefix)
        #expect(lock == (isAllowed ? .users(try VaultPath(path)) : .nobody))
        #expect(rejections.map(\.reason) == (isAllowed ? [] : [.invalidRule]))
        #expect(
            rejections.allSatisfy {
                $0.field == "metadata.annotations[vault-ingress.io/basic-auth]" && $0.value == path
            })
    }

    @Test("what was expected names the place")
    func explanation() throws {
        let (_, rejections) = try lock("secret/ssl/a.example.com")
        #expect(rejections.map(\.explanation) == ["expected a path below secret/basic-auth/shop/"])
    }

    @Test("nothing is served of an Ingress whose namespace is none", arguments: ["..", "shop/admin", "", "a b"])
    func namespace(name: String) throws {
        #expect(try lock("secret/basic-auth/shop/admin", namespace: name).0 == nil)
        #expect(try lock("secret/basic-auth/shop/admin/x", namespace: name).0 == nil)
    }

    @Test(
        "a prefix that is no path is refused",
        arguments: ["", "/", "/secret", "secret/", "a//b", "a/../b", "a/{host}", "a b"])
    func badPrefix(text: String) {
        #expect(throws: InvalidValue.self) { try VaultPathPrefix(text) }
    }
}
