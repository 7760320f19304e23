import Escaping
import Foundation
import NginxConfig
import Routing
import Testing

@Suite("Check of edited templates")
struct TemplateTests {
    @Test(
        "a template that cannot be safe or would render nothing is rejected with file and line",
        arguments: [
            ("a 1;\nserver_name {{serverName}};", 2, "outside double quotes"),
            ("# {{owner}}", 1, "outside double quotes"),
            ("set $x '{{owner}}';", 1, "outside double quotes"),
            ("a;\nb;\nset $x \"{{{owner}}}\";", 3, "unescaped"),
            ("set $x \"{{&owner}}\";", 1, "unescaped"),
            ("{{=<% %>=}}", 1, "delimiters"),
            ("set $x \"{{hsot}}\";", 1, "found 'hsot', expected one of"),
            ("{{#locations}}\"{{/locations}}\";", 1, "quotes in which it began"),
            ("{{>nothing}}", 1, "found no template 'nothing'"),
            ("{{%CONTENT_TYPE:TEXT}}", 1, "content type"),
            ("a {{owner", 1, "without '}}'"),
            ("set $x \"open;", 1, "not closed"),
            ("a;\n{{#servers}}\nb;", 2, "the section 'servers' is never closed"),
            ("a;\n{{#servers}}\n{{/locations}}", 3, "found {{/locations}}, expected the end of an open section"),
            ("{{/servers}}", 1, "found {{/servers}}, expected the end of an open section"),
        ])
    func rejected(text: String, line: Int, explanation: String) throws {
        var sources = try shippedTemplates()
        sources["server.conf"] = text
        let error = #expect(throws: TemplateError.self) { try TemplateSet(sources: sources) }
        #expect(error?.file == "server.conf.mustache")
        #expect(error?.line == line)
        #expect(error?.explanation.contains(explanation) == true, "\(String(describing: error))")
    }

    @Test("the changelog lists every renamed variable with its new name")
    func changelog() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../CHANGELOG.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for (old, new) in TemplateName.renamed {
            #expect(text.contains("| `\(old)` | `\(new.rawValue)` |"))
        }
    }

    @Test("a variable that was renamed is rejected with its new name", arguments: TemplateName.renamed)
    func renamed(old: String, new: TemplateName) throws {
        var sources = try shippedTemplates()
        for text in ["a;\nset $x \"{{\(old)}}\";", "a;\n{{#\(old)}}\nb;\n{{/\(old)}}"] {
            sources["server.conf"] = text
            let error = #expect(throws: TemplateError.self) { try TemplateSet(sources: sources) }
            #expect(error?.line == 2)
            #expect(error?.explanation == "found '\(old)', which was renamed to '\(new.rawValue)'")
        }
    }

    @Test("a name that has changed has no new meaning")
    func unused() {
        #expect(TemplateName.renamed.keys.filter { TemplateName(rawValue: $0) != nil } == [])
    }

    @Test(
        "a page may use the variables of pages only",
        arguments: [
            ("<p>{{serverName}}</p>", 1, "found 'serverName', expected one of isNotFound, reason, requestId, status"),
            ("<p>\n{{{requestId}}}</p>", 2, "unescaped"), ("{{&status}}", 1, "unescaped"),
            ("{{%CONTENT_TYPE:NGINX}}", 1, "a page is HTML"), ("<p>\0</p>", 1, "NUL"),
            ("{{>server.conf}}", 1, "found no template 'server.conf'"),
            ("{{#isNotFound}}", 1, "never closed"),
            (String(repeating: "x", count: 65537), nil, "found a page of 65537 bytes, expected at most 65536"),
        ] as [(String, Int?, String)])
    func rejectedPage(text: String, line: Int?, explanation: String) throws {
        var sources = try shippedTemplates()
        sources["error_page.html"] = text
        let error = #expect(throws: TemplateError.self) { try TemplateSet(sources: sources) }
        #expect(error?.file == "error_page.html.mustache")
        #expect(error?.line == line)
        #expect(error?.explanation.contains(explanation) == true, "\(String(describing: error))")
    }

    @Test("a value is escaped for nginx in a partial too")
    func partials() throws {
        var sources = try shippedTemplates()
        sources["server.conf"] = "{{>own.conf}}\n"
        sources["own.conf"] = "set $x \"{{owner}}\";\n"
        let context = TemplateContext([.owner: .value(RawValue("<a>&$b"))])
        #expect(
            try TemplateSet(sources: sources).render(context, with: "server.conf") == "set $x \"<a>&${dollar}b\";\n")
    }

    @Test("line ends of other systems and a combining mark after a quote change nothing", arguments: ["\r\n", "\n"])
    func scalars(newline: String) throws {
        var sources = try shippedTemplates()
        let lines = ["# a comment", "set $x \"{{owner}}\";", "set $y \"\u{301}{{owner}}\u{301}\";", "{{owner}}"]
        sources["server.conf"] = lines.joined(separator: newline)
        let error = #expect(throws: TemplateError.self) { try TemplateSet(sources: sources) }
        #expect(error?.line == 4)
    }

    @Test("the error of a missing template names it")
    func missing() throws {
        var sources = try shippedTemplates()
        sources["location.conf"] = nil
        let error = #expect(throws: TemplateError.self) { try TemplateSet(sources: sources) }
        #expect(
            error?.description
                == "template location.conf.mustache: expected this file, which the controller needs, found none")
    }

    @Test("a line of the rendered file is traced to the line of the template")
    func origin() throws {
        var sources = try shippedTemplates()
        sources["server.conf"] = "server {\n  bogus_directive \"{{owner}}\" on;\n}\n"
        let origin = try TemplateSet(sources: sources)
            .origin(ofRenderedLine: "      bogus_directive \"shop/web\" on;")
        #expect(origin?.file == "server.conf.mustache")
        #expect(origin?.line == 2)
    }
}

@Suite("Configuration of dnsmasq")
struct DnsmasqTests {
    private func config(_ resolvConf: String) throws -> DnsmasqConfig {
        try DnsmasqConfig(listen: AddressAndPort("127.0.0.1", defaultPort: .dns), resolvConf: resolvConf)
    }

    @Test("the configuration has all name servers by address and no search domains")
    func upstreams() throws {
        let text = try config(
            "search shop.svc.cluster.local svc.cluster.local\nnameserver 10.96.0.10\n# nameserver 10.0.0.9\nnameserver fd00::10\noptions ndots:5\nnameserver 10.96.0.10\n"
        ).rendered(with: TemplateSet(sources: shippedTemplates()))
        let lines = text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("server=") } == ["server=10.96.0.10#53", "server=fd00::10#53"])
        #expect(lines.contains("all-servers"))
        #expect(lines.contains("listen-address=127.0.0.1"))
        #expect(!text.contains("svc.cluster.local"))
    }

    @Test("names of this machine, link-local addresses and cloud metadata do not resolve")
    func ownAddresses() throws {
        let text = try config("nameserver 10.96.0.10").rendered(with: TemplateSet(sources: shippedTemplates()))
        let ranges = text.split(separator: "\n").filter { $0.hasPrefix("bogus-nxdomain=") }.map {
            $0.split(separator: "=")[1]
        }
        #expect(
            ranges == [
                "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/96", "::ffff:0:0/96", "fe80::/10", "fd00:ec2::254",
            ])
    }

    @Test("its own address is ignored, and no name server is an error")
    func loop() throws {
        #expect(try config("nameserver 127.0.0.1\nnameserver 10.0.0.1").upstreams.map(\.description) == ["10.0.0.1:53"])
        #expect(throws: (any Error).self) { try config("nameserver 127.0.0.1\n") }
        #expect(throws: (any Error).self) { try config("nameserver dns.example.com\n") }
    }

    @Test(
        "an address has the form ADDRESS[:PORT], and a name is rejected",
        arguments: [
            ("127.0.0.1", "127.0.0.1:53"), ("127.0.0.1:5353", "127.0.0.1:5353"), ("::1", "[::1]:53"),
            ("[::1]:5353", "[::1]:5353"), ("dns.example.com", nil), ("127.0.0.1:0", nil), ("127.0.0.1:x", nil),
            ("[::1]5353", nil), ("", nil), ("127.0.0.1;}", nil),
        ] as [(String, String?)])
    func addresses(text: String, parsed: String?) {
        #expect((try? AddressAndPort(text, defaultPort: .dns))?.description == parsed)
    }
}
