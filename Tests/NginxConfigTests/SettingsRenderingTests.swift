import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Rendering of a host's settings")
struct SettingsRenderingTests {
    private func text(_ routes: [Route], _ change: (inout HostSettings) throws -> Void) throws -> String {
        var host = try host("a.example.com", routes)
        try change(&host.settings)
        return try render([host])
    }

    private func lines(_ routes: [Route], _ change: (inout HostSettings) throws -> Void) throws -> [String] {
        server(named: "a.example.com", in: try text(routes, change))
    }

    private struct Setting {
        let change: (inout HostSettings) throws -> Void
        let lines: [String]

        init(_ lines: String..., change: @escaping (inout HostSettings) throws -> Void) {
            self.change = change
            self.lines = lines
        }
    }

    private let table = [
        Setting("client_max_body_size \"8192\";") { $0.bodySize = try ByteSize("8k") },
        Setting("proxy_connect_timeout \"500ms\";", "grpc_connect_timeout \"500ms\";") {
            $0.connectTimeout = .milliseconds(500)
        },
        Setting("proxy_read_timeout \"3600000ms\";", "grpc_read_timeout \"3600000ms\";") {
            $0.readTimeout = .seconds(3600)
        },
        Setting("proxy_send_timeout \"90000ms\";", "grpc_send_timeout \"90000ms\";") { $0.sendTimeout = .seconds(90) },
        Setting("proxy_buffering off;", "proxy_request_buffering off;") { $0.buffering = false },
        Setting { $0.buffering = true },
        Setting("client_max_body_size \"1073741825\";", "proxy_request_buffering off;") {
            $0.bodySize = try ByteSize("1073741825")
        },
        Setting("client_max_body_size \"2147483648\";") {
            $0.bodySize = try ByteSize("2g")
            $0.buffering = true
        },
        Setting("allow \"10.0.0.0/8\";", "allow \"::1/128\";", "deny all;") {
            $0.allowFrom = [try AddressRange("10.0.0.0/8"), try AddressRange("::1")]
        },
        Setting("deny all;") { $0.allowFrom = [] },
        Setting(
            "# Allows a burst of one second's requests.", "limit_req \"zone=rate.a.example.com\" \"burst=20\" nodelay;"
        ) { $0.rateLimit = try RequestRate("20") },
        Setting(
            "proxy_buffer_size \"262145\";", "proxy_buffers \"19\" 16k;", "proxy_busy_buffers_size \"262145\";",
            "grpc_buffer_size \"262145\";"
        ) { $0.responseHeaderSize = try ByteSize("256k") },
        Setting(
            "proxy_buffer_size \"4097\";", "proxy_buffers \"8\" 16k;", "proxy_busy_buffers_size \"32768\";",
            "grpc_buffer_size \"4097\";"
        ) { $0.responseHeaderSize = try ByteSize("4k") },
    ]

    @Test("each setting adds its lines to the server of its host and changes no other line")
    func each() throws {
        let plain = try lines([]) { _ in }
        for setting in table {
            let found = try lines([], setting.change)
            #expect(found.filter { !plain.contains($0) } == setting.lines)
            #expect(found.count == plain.count + setting.lines.count)
        }
    }

    @Test("the listing has the settings, sorted")
    func listing() throws {
        var host = try host("a.example.com", [])
        host.settings = HostSettings(tls: .vault, http2: true)
        host.settings.bodySize = try ByteSize("8k")
        host.settings.allowFrom = []
        host.settings.hsts = .seconds(3600)
        host.settings.readTimeout = .milliseconds(1500)
        host.settings.basicAuth = .users(try VaultPath("secret/basic-auth/shop/admin"))
        let line = try configuration([host]).listings["routes.txt"]
        #expect(
            line?.split(separator: "\t", omittingEmptySubsequences: false)[2] == """
                http2,ssl,allow-from=nobody,basic-auth=secret/basic-auth/shop/admin,body-size=8192,hsts=3600s,\
                read-timeout=1500ms
                """)
    }

    @Test("a change of any setting changes the line of the listing")
    func listingOfEach() throws {
        var changes = table.map(\.change)
        changes.append { $0.affinity = true }
        changes.append { $0.appRoot = try RequestPath("/app") }
        changes.append { $0.rewritePrefix = try RequestPath("/v2") }
        changes.append { $0.backendProtocol = .grpcs }
        changes.append { $0.redirect = .permanentRedirect }
        changes.append { $0.hsts = .off }
        changes.append { $0.basicAuth = .nobody }
        changes.append { $0.closedBy = "nginx.org/policies" }
        var lines: Set<String?> = []
        for change in changes {
            var host = try host("a.example.com", [])
            try change(&host.settings)
            lines.insert(try configuration([host]).listings["routes.txt"])
        }
        #expect(lines.count == changes.count)
    }

    @Test("each host with a rate has a zone, wildcards too")
    func zones() throws {
        var hosts = try ["a.example.com", "*.example.com", ""].map { try host($0, []) }
        for index in hosts.indices { hosts[index].settings.rateLimit = try RequestRate("\(index + 1)") }
        let text = try render(hosts)
        for (name, rate) in [("a.example.com", 1), ("*.example.com", 2), ("*", 3)] {
            #expect(text.contains("limit_req_zone $binary_remote_addr \"zone=rate.\(name):1m\" \"rate=\(rate)r/s\";"))
            #expect(text.contains("limit_req \"zone=rate.\(name)\" \"burst=\(rate)\" nodelay;"))
        }
    }

    @Test(
        "each protocol has its own directive",
        arguments: [
            (.http, "proxy_pass http://$upstream;"), (.https, "proxy_pass https://$upstream;"),
            (.grpc, "grpc_pass grpc://$upstream;"), (.grpcs, "grpc_pass grpcs://$upstream;"),
        ] as [(BackendProtocol, String)])
    func protocols(name: BackendProtocol, directive: String) throws {
        let lines = try lines([prefix("/")]) { $0.backendProtocol = name }
        #expect(lines.filter { $0.contains("_pass ") } == [directive])
    }

    @Test(
        "a gRPC client may be idle as long as its server, if that is longer than nginx's default of a minute",
        arguments: [
            (.grpc, 3600, true), (.grpcs, 61, true), (.grpc, 60, false), (.grpc, 1, false), (.http, 3600, false),
        ]
            as [(BackendProtocol, Int, Bool)])
    func silence(name: BackendProtocol, seconds: Int, isRendered: Bool) throws {
        let lines = try lines([prefix("/")]) {
            $0.backendProtocol = name
            $0.readTimeout = .seconds(seconds)
        }
        #expect(lines.contains("client_body_timeout \"\(seconds)000ms\";") == isRendered)
    }

    @Test("app-root redirects / to an encoded path and applies to no other path")
    func appRoot() throws {
        let lines = try lines([prefix("/"), exact("/")]) {
            $0.appRoot = try RequestPath("/café $x?".dropLast() + "%25")
        }
        #expect(lines.contains(#"return 302 "/caf%C3%A9%20%24x%25$is_args$args";"#))
        #expect(lines.filter { $0.hasPrefix("location") } == [#"location = "/" {"#, #"location "/" {"#])
        #expect(lines.count { $0.hasPrefix("proxy_pass") } == 1)
    }

    @Test("rewrite-prefix replaces the path of the location, with any characters in both")
    func rewriting() throws {
        let lines = try lines([prefix("/a.b"), exact("/one"), prefix("/")]) {
            $0.rewritePrefix = try RequestPath("/v2/$x")
        }
        #expect(
            lines.filter { $0.hasPrefix("rewrite") || $0.hasPrefix("location") } == [
                #"location "/" {"#, #"rewrite "(?s)^/(?<rest>.*)$" "/v2/${dollar}x/$rest" break;"#,
                #"location = "/a.b" {"#, #"rewrite "(?s)^.*$" "/v2/${dollar}x" break;"#,
                #"location "/a.b/" {"#, #"rewrite "(?s)^/a\\x2Eb/(?<rest>.*)$" "/v2/${dollar}x/$rest" break;"#,
                #"location = "/one" {"#, #"rewrite "(?s)^.*$" "/v2/${dollar}x" break;"#,
            ])
    }

    @Test("rewrite-prefix / removes the prefix")
    func stripping() throws {
        let lines = try lines([prefix("/api")]) { $0.rewritePrefix = .root }
        #expect(
            lines.filter { $0.hasPrefix("rewrite") } == [
                #"rewrite "(?s)^.*$" "/" break;"#, #"rewrite "(?s)^/api/(?<rest>.*)$" "/$rest" break;"#,
            ])
    }

    @Test(
        "hsts of the host overrides the program's default",
        arguments: [(nil, 60), (.off, nil), (.seconds(0), 0), (.seconds(7), 7)] as [(StrictTransport?, Int?)])
    func hsts(own: StrictTransport?, expected: Int?) throws {
        var settings = try settings()
        settings.hsts = .seconds(60)
        var secure = try host("a.example.com", [])
        secure.settings.tls = .vault
        secure.settings.hsts = own
        let certificate = ServedCertificate(
            address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 1, notAfter: 2,
            source: .vault("secret/ssl/a"),
            version: nil)
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: settings)
        let text = renderer.render(
            Configuration(
                table: RoutingTable(hosts: [secure]), certificates: CertificateSet(byHost: [secure.host: certificate]))
        ).main
        #expect(text.contains("Strict-Transport-Security") == (expected != nil))
        if let expected { #expect(text.contains("on \"max-age=\(expected)\";")) }
    }
}
