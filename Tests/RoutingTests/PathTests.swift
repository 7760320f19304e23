import KubernetesAPI
import Routing
import Testing

@Suite("Path matching")
struct PathTests {
    /// The table of the Kubernetes documentation (Ingress, "Examples"); nil is a 404.
    @Test(
        "a path matches as the documentation's table says",
        arguments: [
            ("Prefix /", "/", true), ("Prefix /", "/any/path", true), ("Exact /foo", "/foo", true),
            ("Exact /foo", "/bar", false), ("Exact /foo", "/foo/", false), ("Exact /foo/", "/foo", false),
            ("Exact /foo/", "/foo/", true), ("Prefix /foo", "/foo", true), ("Prefix /foo", "/foo/", true),
            ("Prefix /foo/", "/foo", true), ("Prefix /foo/", "/foo/", true), ("Prefix /aaa/bb", "/aaa/bbb", false),
            ("Prefix /aaa/bbb", "/aaa/bbb", true), ("Prefix /aaa/bbb/", "/aaa/bbb", true),
            ("Prefix /aaa/bbb", "/aaa/bbb/", true), ("Prefix /aaa/bbb", "/aaa/bbb/ccc", true),
            ("Prefix /aaa/bbb", "/aaa/bbbxyz", false), ("Prefix /foo", "/FOO", false), ("Exact /foo", "/FOO", false),
        ])
    func table(ruleText: String, request: String, matches: Bool) throws {
        let words = ruleText.split(separator: " ").map(String.init)
        let result = try route([ingress("a", [rule("a.example.com", path(words[1], words[0]))])])
        #expect(try result.answer("a.example.com", request) == (matches ? "web.shop.svc.cluster.local:80" : nil))
    }

    @Test(
        "Exact takes precedence over Prefix, and the longest prefix over shorter ones",
        arguments: [
            ("/", "root"), ("/ccc", "root"), ("/aaa/ccc", "a"), ("/aaa/bbb", "exact"), ("/aaa/bbb/", "ab"),
            ("/aaa/bbb/ccc", "ab"), ("/aaa", "a"),
        ])
    func longestWins(request: String, service name: String) throws {
        let result = try route(
            [
                ingress(
                    "a",
                    [
                        rule(
                            "a.example.com", path("/aaa", to: "a"), path("/", to: "root"), path("/aaa/bbb", to: "ab"),
                            path("/aaa/bbb", "Exact", to: "exact"))
                    ])
            ],
            services: ["root", "a", "ab", "exact"].map { service($0) })
        #expect(try result.answer("a.example.com", request) == "\(name).shop.svc.cluster.local:80")
    }

    @Test("ImplementationSpecific and an absent type are Prefix, and an empty path is /")
    func implementationSpecific() throws {
        for type in ["ImplementationSpecific", nil] {
            let result = try route([ingress("a", [rule("a.example.com", path(nil, type))])])
            #expect(try result.answer("a.example.com", "/deep/down") == "web.shop.svc.cluster.local:80")
        }
    }

    @Test("a default backend serves the requests that no path of the Ingress matches")
    func defaultBackend() throws {
        let result = try route(
            [
                ingress(
                    "a", defaultBackend: .service(name: "rest", port: .number(80)),
                    [rule("a.example.com", path("/api"))])
            ],
            services: [service("web"), service("rest")])
        #expect(try result.answer("a.example.com", "/api/x") == "web.shop.svc.cluster.local:80")
        #expect(try result.answer("a.example.com", "/") == "rest.shop.svc.cluster.local:80")
    }

    @Test("of two equal paths the first applies, and the second is rejected")
    func duplicatePath() throws {
        let result = try route(
            [ingress("a", [rule("a.example.com", path("/x", to: "web"), path("/x/", to: "api"))])],
            services: [service("web"), service("api")])
        #expect(try result.answer("a.example.com", "/x") == "web.shop.svc.cluster.local:80")
        #expect(result.rejections.map(\.field) == ["spec.rules[0].http.paths[1].path"])
    }

    @Test("two Unicode forms of one letter are two paths, as in nginx")
    func canonicalEquivalence() throws {
        let composed = try RequestPath("/caf\u{e9}")
        let decomposed = try RequestPath("/cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }
}
