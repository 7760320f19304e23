import Basics
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Rendering of TLS")
struct TLSRenderingTests {
    private func certificate(_ digit: Character) throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 1, notAfter: 2,
            source: .vault("secret/ssl/x"), version: KVVersion(number: 3, created: "t"))
    }

    private func text(
        _ hosts: [(String, HostSettings)], certificates: [String: Character] = [:], fallback: Character? = nil,
        _ change: (inout NginxSettings) -> Void = { _ in }
    ) throws -> String {
        var nginx = try settings()
        change(&nginx)
        let table = RoutingTable(
            hosts: try hosts.map { name, settings in
                VirtualHost(
                    host: try Host(name), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"), routes: [],
                    settings: settings)
            })
        var set = CertificateSet(fallback: try fallback.map(certificate))
        for (name, digit) in certificates { set.byHost[try Host(name)] = try certificate(digit) }
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: nginx)
        return renderer.render(Configuration(table: table, certificates: set)).main
    }

    private func count(_ part: String, _ text: String) -> Int { text.ranges(of: part).count }

    private static let tls = HostSettings(tls: .vault)
    private static let http2 = HostSettings(tls: .vault, http2: true)

    @Test("a host with a certificate listens for TLS with it, one without does not")
    func certificates() throws {
        let text = try text(
            [("a.example.com", Self.tls), ("b.example.com", Self.tls)], certificates: ["a.example.com": "a"])
        let path = "/run/vault-ingress/certificates/" + String(repeating: "a", count: 64)
        #expect(count("ssl_certificate \"\(path).crt\";", text) == 1)
        #expect(count("ssl_certificate_key \"\(path).key\";", text) == 1)
        // The server of the host, and the one for unknown names.
        #expect(count("listen \"443\" ssl", text) == 2)
        #expect(count("ssl_reject_handshake on;", text) == 1)
    }

    @Test("a certificate for another algorithm is rendered after the first, for a host and for unknown names")
    func pair() throws {
        var pair = try certificate("a")
        pair.additional = [try certificate("b").address]
        let table = RoutingTable(
            hosts: [
                VirtualHost(
                    host: try Host("a.example.com"), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"),
                    routes: [], settings: Self.tls)
            ])
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        let set = CertificateSet(byHost: [try Host("a.example.com"): pair], fallback: pair)
        let rendered = renderer.render(Configuration(table: table, certificates: set))
        let lines = rendered.main.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
            .filter { $0.hasPrefix("ssl_certificate") }
        let (first, second) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let expected = [first, second].flatMap { address in
            ["", "_key"].map { suffix in
                "ssl_certificate\(suffix) \"/run/vault-ingress/certificates/\(address).\(suffix.isEmpty ? "crt" : "key")\";"
            }
        }
        #expect(lines.map(String.init) == expected + expected)
        let listed = (rendered.listings["certificates.txt"] ?? "").split(separator: "\n")
            .map { $0.split(separator: "\t").prefix(2).joined(separator: " ") }
        #expect(listed == ["a.example.com \(first)", "a.example.com \(second)", "- \(first)", "- \(second)"])
    }

    @Test(
        "a host without a certificate rejects the handshake where a wildcard or default certificate covers it",
        arguments: [
            (["*.example.com": "a"], nil, 2), ([:], "f", 1), (["*.example.net": "a"], nil, 1),
        ] as [([String: Character], Character?, Int)])
    func rejectedHandshakes(certificates: [String: Character], fallback: Character?, rejections: Int) throws {
        let hosts = [("plain.example.com", HostSettings()), ("*.example.com", Self.tls), ("*.example.net", Self.tls)]
        let text = try text(
            hosts.filter { certificates[$0.0] != nil || $0.0 == "plain.example.com" }, certificates: certificates,
            fallback: fallback)
        #expect(count("ssl_reject_handshake on;", text) == rejections)
    }

    @Test(
        "there is one default server for TLS, with and without a catch-all host", arguments: [true, false],
        [true, false])
    func defaultServer(hasFallback: Bool, isTLS: Bool) throws {
        let text = try text([("", HostSettings(tls: isTLS ? .vault : nil))], fallback: hasFallback ? "f" : nil)
        #expect(text.matches(of: #/listen "443" ssl default_server/#).count == 1)
        #expect(text.matches(of: #/listen "80" default_server/#).count == 1)
        #expect(count("ssl_certificate \"", text) == (hasFallback ? 1 : 0))
    }

    @Test("before nginx 1.25.1 HTTP/2 is the listener's, from then on the host's", arguments: [true, false])
    func http2(isPerServer: Bool) throws {
        let hosts = [("a.example.com", Self.http2), ("b.example.com", Self.tls)]
        let text = try text(hosts, certificates: ["a.example.com": "a", "b.example.com": "b"]) {
            $0.capabilities.hasHTTP2PerServer = isPerServer
        }
        #expect(count("http2 on;", text) == (isPerServer ? 1 : 0))
        #expect(count("ssl http2 default_server;", text) == (isPerServer ? 0 : 2))
    }

    @Test("httpsOnly is only a redirect on the http port, with the number of the https port unless it is 443")
    func httpsOnly() throws {
        let hosts = [("a.example.com", HostSettings(tls: .vault, redirect: .httpsOnly))]
        let text = try text(hosts)
        #expect(count(#"return 301 "https://$host$request_uri";"#, text) == 1)
        #expect(count("server_name \"a.example.com\";", text) == 1)
        let other = try self.text(hosts, certificates: ["a.example.com": "a"]) { $0.httpsPort = .dns }
        #expect(count(#"return 301 "https://$host:53$request_uri";"#, other) == 1)
        #expect(count("server_name \"a.example.com\";", other) == 2)
    }

    @Test("HSTS is sent over TLS only, by hosts with a certificate")
    func hsts() throws {
        let hosts = [("a.example.com", Self.tls), ("b.example.com", HostSettings())]
        let text = try text(hosts, certificates: ["a.example.com": "a"]) { $0.hsts = .seconds(3600) }
        // Once for the server and once for its errors: a location with headers of its own inherits none.
        #expect(count("add_header Strict-Transport-Security \"$strict_transport_3600\" always;", text) == 2)
        #expect(text.contains("on \"max-age=3600\";"))
        #expect(!(try self.text(hosts, certificates: ["a.example.com": "a"]).contains("Strict-Transport")))
    }

    @Test("another version of a certificate is served alike, another certificate is not")
    func served() throws {
        let table = RoutingTable(
            hosts: [
                VirtualHost(
                    host: try Host("a.example.com"), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"),
                    routes: [],
                    settings: Self.tls)
            ])
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        var next = try certificate("a")
        next.version?.number = 4
        let host = try Host("a.example.com")
        func render(_ certificate: ServedCertificate) -> RenderedConfiguration {
            renderer.render(Configuration(table: table, certificates: CertificateSet(byHost: [host: certificate])))
        }
        let first = render(try certificate("a"))
        #expect(render(next).isServedLike(first))
        #expect(!render(try certificate("b")).isServedLike(first))
        #expect(!first.isServedLike(nil))
    }

    @Test("a generation lists the certificates of its hosts, and the default certificate")
    func listing() throws {
        let table = RoutingTable(
            hosts: try ["a.example.com", "*.example.com"].map {
                VirtualHost(
                    host: try Host($0), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"), routes: [],
                    settings: Self.tls)
            })
        let set = CertificateSet(
            byHost: [
                try Host("a.example.com"): try certificate("a"), try Host("*.example.com"): try certificate("b"),
            ], fallback: try certificate("c"))
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        let listing = renderer.render(Configuration(table: table, certificates: set)).listings["certificates.txt"]
        let lines = (listing ?? "").split(separator: "\n").map { $0.split(separator: "\t").prefix(2).map(String.init) }
        #expect(
            lines == [
                ["a.example.com", String(repeating: "a", count: 64)],
                ["*.example.com", String(repeating: "b", count: 64)], ["-", String(repeating: "c", count: 64)],
            ])
    }
}
