import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Rendering of affinity")
struct AffinityRenderingTests {
    private func pods(_ service: String, port: Int = 80) throws -> Backend {
        .pods(
            of: ObjectKey(namespace: "shop", name: service), address: try DNSName("\(service).shop.svc.cluster.local"),
            port: try ServicePort(port))
    }

    /// - Parameter known: those that have pods, two each.
    private func render(_ hosts: [VirtualHost], known: [Backend]) throws -> RenderedConfiguration {
        let pods = try ["10.0.0.1", "2001:db8::1"].map {
            AddressAndPort(address: try IPAddress($0), port: try ServicePort(8080))
        }
        let table = RoutingTable(
            hosts: hosts, pods: Dictionary(known.map { ($0, pods) }, uniquingKeysWith: { first, _ in first }))
        return ConfigurationRenderer(templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
            .render(Configuration(table: table))
    }

    private func affine(_ name: String, _ backend: Backend) throws -> VirtualHost {
        var routes = try host(name, [Route(match: .prefix(.root), backend: backend)])
        routes.settings.affinity = true
        return routes
    }

    private func lines(_ files: RenderedConfiguration) -> [String] {
        files.main.split(separator: "\n")
            .map { String($0.drop(while: \.isWhitespace)) }
    }

    @Test("the pods are one upstream block for all hosts that use them")
    func block() throws {
        let web = try pods("web")
        let files = try render([affine("a.test", web), affine("b.test", web)], known: [web])
        let lines = lines(files)
        let block = lines.drop { !$0.hasPrefix("upstream") }.prefix { !$0.hasPrefix("# The error responses") }
        #expect(
            Array(block) == [
                #"upstream "web.shop.svc.cluster.local_80" {"#, "hash $affinity consistent;",
                "# A failed request is retried on the next pod; after three failures within 10 s a pod is skipped for 10 s.",
                #"server "10.0.0.1:8080" max_fails=3 fail_timeout=10s;"#,
                #"server "[2001:db8::1]:8080" max_fails=3 fail_timeout=10s;"#,
                "# nginx 1.29.7 and newer keep upstream connections alive by default. On one that the pod has just closed, a request would be",
                "# retried on another pod and lose its affinity.",
                "keepalive_requests 1;", "}",
            ])
        for name in ["a.test", "b.test"] {
            let server = server(named: name, in: files.main)
            #expect(server.contains(#"set $upstream "web.shop.svc.cluster.local_80";"#))
            #expect(server.contains("add_header Set-Cookie $affinity_cookie always;"))
        }
    }

    @Test("without affinity there is neither a block nor a cookie; without known pods there is only the cookie")
    func absent() throws {
        let plain = lines(try render([host("a.test", [prefix("/")])], known: []))
        #expect(!plain.contains { $0.hasPrefix("upstream") })
        #expect(!plain.contains { $0.hasPrefix("add_header Set-Cookie") })
        let unknown = lines(try render([affine("a.test", pods("web"))], known: []))
        #expect(!unknown.contains { $0.hasPrefix("upstream") })
        #expect(unknown.contains(#"set $upstream "web.shop.svc.cluster.local:80";"#))
        #expect(unknown.contains { $0.hasPrefix("add_header Set-Cookie") })
    }

    @Test("two ports of a Service are two blocks, and Services whose names differ in case only share one")
    func names() throws {
        let backends = [try pods("web"), try pods("web", port: 81), try pods("WEB")]
        let files = try render(backends.enumerated().map { try affine("\($0).test", $1) }, known: backends)
        #expect(
            lines(files).filter { $0.hasPrefix("upstream") } == [
                #"upstream "web.shop.svc.cluster.local_80" {"#, #"upstream "web.shop.svc.cluster.local_81" {"#,
            ])
    }

    @Test("a split with affinity uses the cookie as its key, and its parts are blocks of pods")
    func split() throws {
        let split = Backend.split(
            [.init(weight: 3, backend: try pods("v1")), .init(weight: 1, backend: try pods("v2"))], by: .affinity)
        let lines = lines(try render([affine("a.test", split)], known: [pods("v1"), pods("v2")]))
        #expect(lines.contains(#"map "$affinity" "$split_key_0" {"#))
        #expect(lines.contains(#""75.00%" "v1.shop.svc.cluster.local_80";"#))
        #expect(lines.contains(#"* "v2.shop.svc.cluster.local_80";"#))
        #expect(lines.filter { $0.hasPrefix("upstream") }.count == 2)
    }

    @Test("blue and green are blocks of pods")
    func blueGreen() throws {
        let pair = Backend.blueGreen(
            plain: try prefix("/").backend, blue: try pods("web-blue"), green: .unavailable)
        let lines = lines(try render([affine("a.test", pair)], known: [pods("web-blue")]))
        #expect(lines.contains(#"default "web.shop.svc.cluster.local:80";"#))
        #expect(lines.contains(#""blue" "web-blue.shop.svc.cluster.local_80";"#))
        #expect(lines.contains(#""green" "";"#))
    }

    @Test("the listing names the pods of each Service once")
    func listing() throws {
        let hosts = try ["a.test", "b.test"].map { try affine($0, pods("web")) } + [affine("c.test", pods("api"))]
        let files = try render(hosts, known: [pods("web")])
        #expect(
            files.listings["routes.txt"] == """
                a.test\tshop/web\taffinity=cookie\tprefix / -> web.shop.svc.cluster.local:80 pods
                b.test\tshop/web\taffinity=cookie\tprefix / -> web.shop.svc.cluster.local:80 pods
                c.test\tshop/web\taffinity=cookie\tprefix / -> api.shop.svc.cluster.local:80 pods
                # pods of web.shop.svc.cluster.local:80\t10.0.0.1:8080+[2001:db8::1]:8080

                """)
    }
}
