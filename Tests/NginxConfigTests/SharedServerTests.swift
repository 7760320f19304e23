import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Shared servers")
struct SharedServerTests {
    private func main(
        _ hosts: [VirtualHost], _ certificates: CertificateSet = CertificateSet(),
        loading: CertificateLoading = .dynamic
    ) throws -> String {
        var settings = try settings(servers: .shared)
        settings.certificateLoading = loading
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: settings)
        return renderer.render(Configuration(table: RoutingTable(hosts: hosts), certificates: certificates)).main
    }

    /// The blocks that listen for http or https and are not those of unknown names.
    private func servers(_ text: String) -> [[String]] {
        text.components(separatedBy: "    server {\n").dropFirst().map { block in
            block.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { $0.hasPrefix("server_name") }
        }.filter { $0 != ["server_name _;"] }
    }

    private func isShared(_ host: VirtualHost) throws -> Bool {
        let text = try main([host])
        return text.contains("map $host $shared_owner {\n        \"\(host.host)\"")
    }

    @Test("hosts with equal settings are in one server, with one line in each map")
    func together() throws {
        let text = try main([host("a.example.com", [prefix("/")]), host("b.example.com", owner: "b", [prefix("/")])])
        #expect(servers(text) == [[#"server_name "a.example.com";"#, #"server_name "b.example.com";"#]])
        #expect(text.contains(#"        "b.example.com" "shop/b";"#))
        #expect(text.contains(#"        "b.example.com" "web.shop.svc.cluster.local:80";"#))
    }

    @Test("hosts with other settings, or with paths, are in another server")
    func combinations() throws {
        var limited = try host("c.example.com", [prefix("/")])
        limited.settings.bodySize = try ByteSize("1m")
        var alsoLimited = limited
        alsoLimited.host = try Host("d.example.com")
        let text = try main([
            host("a.example.com", [prefix("/")]), host("b.example.com", [prefix("/b")]), limited, alsoLimited,
        ])
        #expect(
            servers(text) == [
                [#"server_name "a.example.com";"#], [#"server_name "b.example.com";"#],
                [#"server_name "c.example.com";"#, #"server_name "d.example.com";"#],
            ])
    }

    @Test("paths are keys of the map for their number of elements; a longer prefix is looked up first")
    func paths() throws {
        let text = try main([
            host("a.example.com", [prefix("/", to: "root"), prefix("/x/y", to: "deep"), exact("/x", to: "exact")])
        ])
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let start = try #require(lines.firstIndex(of: #"map "$host$path" $path_upstream {"#))
        #expect(
            lines[start...].prefix(9) == [
                #"map "$host$path" $path_upstream {"#, #"default "$prefix_2";"#,
                #""a.example.com/x" "exact.shop.svc.cluster.local:80";"#,
                #""a.example.com/x/y" "deep.shop.svc.cluster.local:80";"#, "}",
                #"map "$host/$e1/$e2/" "$prefix_2" {"#, #"default "$host_upstream";"#,
                #""a.example.com/x/y/" "deep.shop.svc.cluster.local:80";"#, "}",
            ])
    }

    /// What a host has, and whether it still shares a server.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isShared: Bool
        let host: @Sendable () throws -> VirtualHost

        init(
            _ description: String, isShared: Bool, name: String = "a.example.com", path: String = "/",
            _ change: @escaping @Sendable (inout VirtualHost) throws -> Void = { _ in }
        ) {
            testDescription = description
            self.isShared = isShared
            host = {
                var host = try NginxConfigTests.host(name, [prefix(path)])
                try change(&host)
                return host
            }
        }
    }

    static let rows: [Row] = [
        Row("nothing else", isShared: true),
        Row("six elements", isShared: true, path: "/a/b/c/d/e/f"),
        Row("seven elements", isShared: false, path: "/a/b/c/d/e/f/g"),
        Row("an uppercase letter in a path", isShared: false, path: "/aB"),
        Row("uppercase beyond ASCII, which maps do not ignore", isShared: true, path: "/É"),
        Row("a path of 200 bytes", isShared: true, path: "/" + String(repeating: "a", count: 199)),
        Row("a path of 201 bytes", isShared: false, path: "/" + String(repeating: "a", count: 200)),
        Row("a wildcard", isShared: false, name: "*.example.com"),
        Row("the catch-all", isShared: false, name: ""),
        Row("a name that is a word of map", isShared: false, name: "hostnames"),
        Row("a rate limit", isShared: false) { $0.settings.rateLimit = try RequestRate("5") },
        Row("a rewrite", isShared: false) { $0.settings.rewritePrefix = try RequestPath("/x") },
        Row("an app root", isShared: false) { $0.settings.appRoot = try RequestPath("/x") },
        Row("error pages instead of the application's", isShared: false) { $0.settings.errorPages = true },
        Row("users", isShared: false) { $0.settings.basicAuth = .users(try VaultPath("secret/basic-auth/shop/a")) },
        Row("no usable users", isShared: true) { $0.settings.basicAuth = .nobody },
        Row("a foreign protection", isShared: true) { $0.settings.closedBy = "nginx.ingress.kubernetes.io/auth-url" },
        Row("a body size", isShared: true) { $0.settings.bodySize = try ByteSize("1m") },
        Row("a timeout", isShared: true) { $0.settings.readTimeout = .seconds(1) },
        Row("allowed addresses", isShared: true) { $0.settings.allowFrom = [] },
        Row("a gRPC backend", isShared: true) { $0.settings.backendProtocol = .grpc },
        Row("affinity", isShared: true) { $0.settings.affinity = true },
        Row("a redirect", isShared: true) { $0.settings.redirect = .httpsOnly },
        Row("HTTP/2", isShared: true) { $0.settings.http2 = true },
        Row("HSTS", isShared: true) { $0.settings.hsts = .off },
    ]

    @Test("a host has a server of its own only if a map cannot express what it needs", arguments: rows)
    func reasons(row: Row) throws {
        #expect(try isShared(row.host()) == row.isShared)
    }

    private func certificates(_ names: String..., additional: Int = 0) throws -> CertificateSet {
        let addresses = try ["a", "b"].map { try ContentAddress(String(repeating: $0, count: 64)) }
        let served = ServedCertificate(
            address: addresses[0], additional: Array(addresses.dropFirst().prefix(additional)), notBefore: 0,
            notAfter: 1,
            source: .vault("secret/ssl/a"), version: nil)
        return CertificateSet(byHost: Dictionary(uniqueKeysWithValues: try names.map { (try Host($0), served) }))
    }

    @Test("a host with TLS has a server of its own if nginx reads its certificate when it starts")
    func staticCertificate() throws {
        let host = try secure("a.example.com")
        #expect(try main([host], certificates("a.example.com")).contains("$shared_owner"))
        #expect(try !main([host], certificates("a.example.com"), loading: .static).contains("$shared_owner"))
        #expect(try !main([host], certificates("a.example.com", additional: 1)).contains("$shared_owner"))
    }

    private func secure(_ name: String) throws -> VirtualHost {
        var host = try host(name, [prefix("/")])
        host.settings.tls = .vault
        return host
    }
}
