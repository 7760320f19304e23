import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Rendering of hosts and paths")
struct RenderingTests {
    @Test("a Prefix is an exact location and one that ends in a slash; other paths are 404")
    func prefixLocations() throws {
        let text = try render([host("a.example.com", [prefix("/foo")])])
        #expect(
            server(named: "a.example.com", in: text) == [
                "# The Ingress that owns the host, for the access log.", #"set $ingress "shop/web";"#,
                "if ($is_loop) {", "return 508;", "}",
                "error_page 502 = @upstream_failed;", "error_page 503 504 508 @error;",
                #"location "/" {"#, "error_page 404 @error;", "return 404;", "}",
                #"location = "/foo" {"#, "# A variable, so that the name is resolved at request time.",
                #"set $upstream "web.shop.svc.cluster.local:80";"#, "proxy_pass http://$upstream;", "}",
                #"location "/foo/" {"#, "# A variable, so that the name is resolved at request time.",
                #"set $upstream "web.shop.svc.cluster.local:80";"#, "proxy_pass http://$upstream;", "}",
            ])
    }

    @Test("an Exact path that ends in a slash has a location without it, so that nginx does not redirect")
    func exactSlash() throws {
        let lines = server(named: "a.example.com", in: try render([host("a.example.com", [exact("/foo/")])]))
        #expect(
            lines.filter { $0.hasPrefix("location") } == [
                #"location "/" {"#, #"location = "/foo" {"#, #"location = "/foo/" {"#,
            ])
        #expect(
            lines.suffix(9).prefix(4) == [#"location = "/foo" {"#, "error_page 404 @error;", "return 404;", "}"])
    }

    @Test("hosts over the budget share one server, which answers 503 and rejects TLS handshakes")
    func unserved() throws {
        let names = ["a.example.com", "b.example.com", "*.example.org"]
        let table = RoutingTable(hosts: [], unserved: try names.map { try Host($0) })
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        let text = renderer.render(Configuration(table: table)).main
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let start = try #require(lines.firstIndex(of: #"server_name "a.example.com";"#))
        #expect(
            lines[(start - 4)..<(start + 8)] == [
                #"listen "80";"#, #"listen "[::]:80";"#, #"listen "443" ssl;"#, #"listen "[::]:443" ssl;"#,
                #"server_name "a.example.com";"#, #"server_name "b.example.com";"#,
                #"server_name "~^[^.]+[.]example[.]org$";"#, "ssl_reject_handshake on;", #"set $ingress "";"#,
                "error_page 503 @error;", "return 503;", "# The target of error_page, with the status of the error.",
            ])
        let empty = renderer.render(Configuration(table: RoutingTable())).main
        #expect(!empty.contains("too large to be served"))
        let decoded = try Configuration(json: Configuration(table: table).json())
        #expect(decoded.table.unserved == table.unserved)
    }

    @Test("an unavailable backend answers 503")
    func unavailable() throws {
        let route = Route(match: .prefix(.root), backend: .unavailable)
        let lines = server(named: "a.example.com", in: try render([host("a.example.com", [route])]))
        #expect(lines.suffix(3) == [#"location "/" {"#, "return 503;", "}"])
    }

    @Test("a wildcard matches one label only")
    func wildcard() throws {
        let text = try render([host("*.example.com", [prefix("/")])])
        #expect(text.contains(#"server_name "~^[^.]+[.]example[.]com$";"#))
    }

    @Test("the catch-all host is the default server; without one, unknown hosts get 404", arguments: [true, false])
    func catchAll(isClaimed: Bool) throws {
        let text = try render(isClaimed ? [host("", [prefix("/")])] : [])
        #expect(text.contains("# Hosts that no Ingress claims.") != isClaimed)
        #expect(text.matches(of: #/listen "80" default_server;/#).count == 1)
        #expect(text.matches(of: #/listen "\[::\]:80" default_server;/#).count == 1)
    }

    @Test(
        "a path is a quoted literal",
        arguments: [
            ("/a b", "/a b"), (#"/a"b"#, #"/a\"b"#), (#"/a\b"#, #"/a\\b"#), ("/a$b", "/a$b"), ("/a;}{b", "/a;}{b"),
        ])
    func quotedPath(path: String, written: String) throws {
        let text = try render([host("a.example.com", [exact(path)])])
        #expect(text.contains("location = \"\(written)\" {"))
    }

    @Test("an owner whose name is not valid is rendered as empty")
    func hostileOwner() throws {
        let text = try render([host("a.example.com", owner: "x\";}\n$host", [])])
        #expect(text.contains(#"set $ingress "";"#))
        #expect(!text.contains("shop"))
    }

    @Test("equal tables give equal bytes")
    func determinism() throws {
        let hosts = try (0..<30).map { try host("h\($0).example.com", [prefix("/"), prefix("/a"), exact("/a/b")]) }
        #expect(try render(hosts) == render(hosts))
    }

    @Test("the marker file has the number of the generation")
    func marker() throws {
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        #expect(renderer.marker(generation: 42).contains(#"return 200 "42\n";"#))
        #expect(renderer.marker(generation: 42).contains(#"listen "unix:/run/vault-ingress/nginx.sock";"#))
    }
}
