import TestBed
import Testing

/// What the Kubernetes documentation and docs/ promise, line by line, with real requests through nginx.
@Suite("Conformance", .serialized, .timeLimit(.minutes(3)))
enum ConformanceTests {}

extension ConformanceTests {
    /// Ingress documentation, "Path types", "Examples"; then what it leaves open.
    @Suite("Paths") struct PathTableTests {
        struct Row: Sendable {
            let paths: [(String, String)]
            let requests: [(String, String?)]

            init(_ paths: [(String, String)], _ requests: [(String, String?)]) {
                self.paths = paths
                self.requests = requests
            }

            init(_ path: String, _ requests: [(String, Bool)]) {
                self.init([(path, "web")], requests.map { ($0.0, $0.1 ? "web" : nil) })
            }
        }

        private static let documented: [Row] = [
            Row("Prefix /", [("/", true), ("/any", true), ("/any/where/", true)]),
            Row("Exact /foo", [("/foo", true), ("/bar", false), ("/foo/", false)]),
            Row("Exact /foo/", [("/foo", false), ("/foo/", true)]),
            Row("Prefix /foo", [("/foo", true), ("/foo/", true)]),
            Row("Prefix /foo/", [("/foo", true), ("/foo/", true)]),
            Row("Prefix /aaa/bb", [("/aaa/bbb", false)]),
            Row(
                "Prefix /aaa/bbb",
                [("/aaa/bbb", true), ("/aaa/bbb/", true), ("/aaa/bbb/ccc", true), ("/aaa/bbbxyz", false)]),
            Row("Prefix /aaa/bbb/", [("/aaa/bbb", true)]),
            Row([("Prefix /", "root"), ("Prefix /aaa", "aaa")], [("/aaa/ccc", "aaa")]),
            Row(
                [("Prefix /", "root"), ("Prefix /aaa", "aaa"), ("Prefix /aaa/bbb", "bbb")],
                [("/aaa/bbb", "bbb"), ("/ccc", "root")]),
            Row("Prefix /aaa", [("/ccc", false)]),
            Row([("Prefix /foo", "prefix"), ("Exact /foo", "exact")], [("/foo", "exact"), ("/foo/", "prefix")]),
        ]

        private static let further: [Row] = [
            // Case counts.
            Row("Prefix /Foo", [("/Foo", true), ("/foo", false), ("/FOO/x", false)]),
            // nginx compares the decoded path, without double slashes and dots; so do rules.
            Row(
                "Prefix /foo",
                [("//foo", true), ("/./foo", true), ("/x/../foo", true), ("/%66oo", true), ("/foo%2Fx", true)]),
            Row("Exact /caf%C3%A9", [("/caf%C3%A9", true), ("/caf%c3%a9", true), ("/café", true), ("/cafe", false)]),
            Row("Prefix /a b", [("/a%20b", true), ("/a%20b/c", true), ("/a+b", false)]),
            Row("Exact /a;b=c,d@e:f", [("/a;b=c,d@e:f", true), ("/a", false)]),
            Row("Exact /$host/{x}/(y)", [("/$host/{x}/(y)", true), ("/example.com/{x}/(y)", false)]),
            Row("Exact /foo", [("/foo?a=/b", true), ("/foo?", true), ("/foo%3Fa", false)]),
            Row("ImplementationSpecific /foo", [("/foo", true), ("/foo/x", true), ("/foox", false)]),
            Row("Exact /", [("/", true), ("/x", false)]),
            Row(
                [("Exact /foo/", "slash"), ("Prefix /", "root")],
                [("/foo/", "slash"), ("/foo", "root"), ("/foo/x", "root")]),
            Row(
                [("Prefix /foo", "short"), ("Prefix /foo/bar", "long"), ("Exact /foo/bar/baz", "exact")],
                [("/foo/barx", "short"), ("/foo/bar", "long"), ("/foo/bar/baz", "exact"), ("/foo/bar/baz/", "long")]),
        ]

        @Test("match as the documentation's examples say, and as nginx compares where it says nothing")
        func table() async throws {
            let site = try await Site.make()
            let rows = Self.documented + Self.further
            let hosts = try rows.enumerated().map { number, row in try site.host("row-\(number)", paths: row.paths) }
            let controller = try await site.start()
            for (row, host) in zip(rows, hosts) {
                for (target, service) in row.requests {
                    let answer = try await controller.raw(host: host.name, target: target)
                    #expect(host.service(answer) == service, "\(row.paths) \(target): \(answer.status)")
                    #expect(answer.status == (service == nil ? 404 : 200), "\(row.paths) \(target)")
                    // What arrives is what was sent: nothing is decoded on the way.
                    if let seen = answer.seen { #expect(seen.uri == target) }
                }
            }
            await controller.stop()
        }

        /// Ingress documentation, "Hostname wildcards".
        @Test("a wildcard covers one label")
        func wildcards() async throws {
            let site = try await Site.make()
            let host = try site.host("wild", "*.foo.com")
            let controller = try await site.start()
            for (name, isCovered) in [
                ("bar.foo.com", true), ("baz.bar.foo.com", false), ("foo.com", false), ("BAR.foo.COM", true),
                ("x-y.foo.com", true),
            ] {
                #expect(try await controller.raw(host: name).status == (isCovered ? 200 : 404), "\(name)")
            }
            #expect(try await host.service(controller.raw(host: "bar.foo.com:8080")) == "web")
            await controller.stop()
        }

        @Test("a rule without http, and an Ingress with paths, leave the rest to the default backend")
        func defaultBackends() async throws {
            let site = try await Site.make()
            let both = try site.host(
                "both", paths: [("Prefix /web", "web")], services: ["rest"],
                spec: ["defaultBackend": site.reference("both", "rest")])
            try site.host(
                "bare", paths: [], services: ["rest"],
                spec: ["defaultBackend": site.reference("bare", "rest"), "rules": [["host": "bare.example.com"]]])
            let controller = try await site.start()
            #expect(try await both.service(controller.raw(host: both.name, target: "/web/x")) == "web")
            #expect(try await both.service(controller.raw(host: both.name, target: "/else")) == "rest")
            #expect(try await controller.raw(host: "bare.example.com", target: "/x").status == 200)
            await controller.stop()
        }
    }
}
