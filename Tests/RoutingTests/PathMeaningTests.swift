import KubernetesAPI
import Routing
import Testing

@Suite("Paths that other controllers read as patterns")
struct PathMeaningTests {
    private func routed(_ text: String, _ type: String?) throws -> Router.Result {
        try route([ingress("a", [rule("a.example.com", path(text, type))])])
    }

    @Test(
        "a final /* means Prefix of what precedes it",
        arguments: [
            ("/static/*", "/static", true), ("/static/*", "/static/a/b", true), ("/static/*", "/staticx", false),
            ("/*", "/", true), ("/*", "/any/path", true), ("/a%2Bb/*", "/a+b/c", true),
        ], ["Prefix", "ImplementationSpecific", nil] as [String?])
    func glob(row: (String, String, Bool), type: String?) throws {
        let result = try routed(row.0, type)
        #expect(result.rejections.isEmpty)
        #expect(try result.answer("a.example.com", row.1) == (row.2 ? "web.shop.svc.cluster.local:80" : nil))
    }

    @Test(
        "another pattern is rejected with a message that names the field, its sign and the remedy, and matches nothing",
        arguments: [
            ("/api(/|$)(.*)", "found '(' as in a regular expression"),
            ("/v[0-9]+", "found '[' as in a regular expression"),
            ("/a|/b", "found '|' as in a regular expression"), ("/foo$", "found '$' as in a regular expression"),
            ("/^foo", "found '^' as in a regular expression"), ("^/foo", "found '^' as in a regular expression"),
            ("/a\\.b", "found '\\' as in a regular expression"), ("/a{2}", "found '{' as in a regular expression"),
            ("/a.+", "found '+' as in a regular expression"), ("/a+", "found '+' as in a regular expression"),
            ("/a.*", "found '*' as in a regular expression"), ("/.*", "found '*' as in a regular expression"),
            ("/a*", "found '*' as in a glob"), ("/a/**", "found '*' as in a glob"), ("/*/a", "found '*' as in a glob"),
            ("*", "found '*' as in a glob"), ("/a*\u{301}", "found '*' as in a glob"),
            ("/a/*/*", "found '*' as in a glob"),
            ("~ /foo", "found the modifier '~'"), ("~* \\.php$", "found the modifier '~*'"),
            ("^~ /foo", "found the modifier '^~'"), ("= /foo", "found the modifier '='"),
        ], ["Prefix", "ImplementationSpecific", nil] as [String?])
    func rejected(row: (String, String), type: String?) throws {
        let result = try routed(row.0, type)
        let rejection = try #require(result.rejections.first)
        #expect(result.rejections.count == 1)
        #expect(rejection.field == "spec.rules[0].http.paths[0].path")
        #expect(rejection.value == row.0)
        #expect(rejection.reason == .invalidRule)
        #expect(rejection.explanation.hasPrefix("expected a literal path, \(row.1)"), "\(rejection.explanation)")
        #expect(rejection.explanation.contains("pathType"))
        #expect(result.table.hosts.map(\.routes) == [[]])
    }

    @Test("a message gives the percent-encoded form, which is literal")
    func encoded() throws {
        let message = try #require(try routed("/c++", "Prefix").rejections.first).explanation
        #expect(message.hasSuffix("or for a literal '+' use pathType Exact or %2B"))
        let result = try routed("/c%2B%2B/%28a%29%24%2a", "Prefix")
        #expect(result.rejections.isEmpty)
        #expect(try result.answer("a.example.com", "/c++/(a)$*/b") == "web.shop.svc.cluster.local:80")
    }

    @Test("Exact is literal", arguments: ["/static/*", "/a(b)$", "/a+b", "/a.*", "/[x]{y}|\\^"])
    func exact(text: String) throws {
        let result = try routed(text, "Exact")
        #expect(result.rejections.isEmpty)
        #expect(try result.answer("a.example.com", text) == "web.shop.svc.cluster.local:80")
        #expect(try result.answer("a.example.com", "/static/x") == nil)
    }

    @Test(
        "characters of ordinary paths are no pattern",
        arguments: ["/index.html", "/~user", "/a=b", "/a,b;c@d:e!f'g", "/a-b_c"])
    func ordinary(text: String) throws {
        #expect(try routed(text, "Prefix").rejections.isEmpty)
    }

    @Test("a capture in rewrite-prefix is rejected, unless it is percent-encoded")
    func capture() throws {
        for (text, isAccepted) in [("/$2", false), ("/v2/$1", false), ("/$metadata", true), ("/%242", true)] {
            let result = try route([
                ingress("a", annotations: ["vault-ingress.io/rewrite-prefix": text], [rule("a.example.com")])
            ])
            #expect(result.rejections.isEmpty == isAccepted, "\(text)")
        }
    }
}
