import KubernetesAPI
import Routing
import Testing

@Suite("Paths of basic-auth")
struct BasicAuthPathTests {
    private func basicAuth(
        _ users: String, namespace: String = "shop", below prefix: String? = nil, secrets: Bool = false
    )
        throws -> (BasicAuth?, [Rejection])
    {
        var options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"))
        options.kubernetesSecrets = secrets
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
        "a path is valid below the prefix, by elements, with the namespace of the Ingress",
        arguments: [
            ("secret/basic-auth/shop/admin", nil, true), ("secret/basic-auth/shop/a/b", nil, true),
            ("secret/basic-auth/shop", nil, false), ("secret/basic-auth/shopping/admin", nil, false),
            ("secret/basic-auth/bank/admin", nil, false), ("secret/ssl/a.example.com", nil, false),
            ("secret/basic-auth/{namespace}/admin", nil, false), ("Secret/basic-auth/shop/admin", nil, false),
            ("kv/admin", "kv", true), ("kv2/admin", "kv", false), ("kv/team-shop/a", "kv/team-{namespace}", true),
            ("kv/team-bank/a", "kv/team-{namespace}", false),
        ] as [(String, String?, Bool)])
    func prefix(path: String, prefix: String?, isAllowed: Bool) throws {
        let (basicAuth, rejections) = try basicAuth(path, below: prefix)
        #expect(basicAuth == (isAllowed ? .users(try VaultPath(path)) : .nobody))
        #expect(rejections.map(\.reason) == (isAllowed ? [] : [.invalidRule]))
        #expect(
            rejections.allSatisfy {
                $0.field == "metadata.annotations[vault-ingress.io/basic-auth]" && $0.value == path
            })
    }

    @Test(
        "data/ and metadata/ after the mount, as KV 2 shows paths, lead to the path below the prefix as the operator wrote it",
        arguments: [
            ("secret/data/basic-auth/shop/admin", nil, "secret/basic-auth/shop/admin"),
            ("secret/metadata/basic-auth/shop/a/b", nil, "secret/basic-auth/shop/a/b"),
            ("team/kv/data/shop/a", "team/kv/{namespace}", "team/kv/shop/a"),
            ("secret/basic-auth/shop/a", "secret/data/basic-auth/{namespace}", "secret/data/basic-auth/shop/a"),
            ("secret/metadata/x/shop/a", "secret/data/x/{namespace}", "secret/data/x/shop/a"),
            ("secret/basic-auth/shop/data/a", nil, "secret/basic-auth/shop/data/a"),
            ("kv/data/shop/a", "kv/data/{namespace}", "kv/data/shop/a"),
            ("secret/data/basic-auth/bank/admin", nil, nil), ("data/secret/basic-auth/shop/admin", nil, nil),
            ("secret/data/data/basic-auth/shop/admin", nil, nil), ("secret/data/basic-auth/shop", nil, nil),
        ] as [(String, String?, String?)])
    func folders(path: String, prefix: String?, read: String?) throws {
        let expected = try read.map { BasicAuth.users(try VaultPath($0)) } ?? .nobody
        #expect(try basicAuth(path, below: prefix).0 == expected)
    }

    @Test("secret:NAME is a Secret in the namespace of the Ingress, with --kubernetes-secrets only")
    func secrets() throws {
        let shop = try ObjectName(ObjectKey(namespace: "shop", name: "users"))
        let (allowed, none) = try basicAuth("secret:users", secrets: true)
        #expect(allowed == .secret(shop) && none.isEmpty)
        #expect(allowed?.source?.text == "secret:shop/users")
        #expect(try HtpasswdSource("secret:shop/users") == .secret(shop))
        let (without, rejections) = try basicAuth("secret:users")
        #expect(without == .nobody)
        #expect(rejections.first?.explanation.contains("--kubernetes-secrets") == true)
        for text in [
            "secret:", "secret:bank/users", "secret:../bank/users", "secret:Users", "secret:a b", "secret: users",
            "secret:a,b", "secret:" + String(repeating: "a", count: 241),
        ] {
            let (settings, rejections) = try basicAuth(text, secrets: true)
            #expect(settings == .nobody && rejections.map(\.reason) == [.invalidRule], "\(text)")
        }
    }

    @Test("the rejection names the prefix")
    func explanation() throws {
        let (_, rejections) = try basicAuth("secret/ssl/a.example.com")
        #expect(rejections.map(\.explanation) == ["expected a path below secret/basic-auth/shop/"])
    }

    @Test("an Ingress whose namespace is not valid is not served", arguments: ["..", "shop/admin", "", "a b"])
    func namespace(name: String) throws {
        #expect(try basicAuth("secret/basic-auth/shop/admin", namespace: name).0 == nil)
        #expect(try basicAuth("secret/basic-auth/shop/admin/x", namespace: name).0 == nil)
    }

    @Test(
        "a prefix that is not a path is rejected",
        arguments: ["", "/", "/secret", "secret/", "a//b", "a/../b", "a/{host}", "a b"])
    func badPrefix(text: String) {
        #expect(throws: InvalidValue.self) { try VaultPathPrefix(text) }
    }
}
