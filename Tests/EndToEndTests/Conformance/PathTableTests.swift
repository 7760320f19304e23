import TestBed
import Testing

/// The rules of the Kubernetes documentation and of docs/, with real requests through nginx.
@Suite("Conformance", .serialized, .timeLimit(.minutes(3)))
enum ConformanceTests {}

extension ConformanceTests {
    /// The examples of the Ingress documentation ("Path types", "Examples"), then cases that it does not define.
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
            // Paths are case-sensitive.
            Row("Prefix /Foo", [("/Foo", true), ("/foo", false), ("/FOO/x", false)]),
            Row("Exact /foo", [("/FOO", false), ("//foo", true), ("/foo//", false)]),
            Row("Prefix /foo/", [("/foo//", true), ("/foo//bar", true), ("/foobar", false)]),
            // nginx compares the decoded path, with merged slashes and resolved dots. Rules are compared in the same
            // form.
            Row(
                "Prefix /foo",
                [("//foo", true), ("/./foo", true), ("/x/../foo", true), ("/%66oo", true), ("/foo%2Fx", true)]),
            Row(
                "Prefix /foo",
                [
                    ("/foo/../bar", false), ("/foo/..", false), ("/foo/bar/..", true), ("/foo/.", true),
                    ("/x/%2e%2e/foo", true), ("/foo/%2E%2E/bar", false), ("/foo/..%2Fbar", false), ("/foo%2f", true),
                    ("/%2566oo", false), ("/foo/...", true), ("/foo/..x", true),
                ]),
            Row("Exact /%61b%2Fc", [("/ab/c", true), ("/%61b/c", true), ("/ab%2fc", true), ("/%2561b/c", false)]),
            Row("Exact /100%25", [("/100%25", true), ("/100%2525", false)]),
            Row("Exact /caf%C3%A9", [("/caf%C3%A9", true), ("/caf%c3%a9", true), ("/café", true), ("/cafe", false)]),
            Row("Prefix /a b", [("/a%20b", true), ("/a%20b/c", true), ("/a+b", false)]),
            Row("Exact /a;b=c,d@e:f", [("/a;b=c,d@e:f", true), ("/a", false)]),
            Row("Exact /$host/{x}/(y)", [("/$host/{x}/(y)", true), ("/example.com/{x}/(y)", false)]),
            Row("Exact /foo", [("/foo?a=/b", true), ("/foo?", true), ("/foo%3Fa", false)]),
            Row("ImplementationSpecific /foo", [("/foo", true), ("/foo/x", true), ("/foox", false)]),
            Row("Exact /", [("/", true), ("//", true), ("/x", false)]),
            Row(
                [("Exact /foo/", "slash"), ("Prefix /", "root")],
                [("/foo/", "slash"), ("/foo", "root"), ("/foo/x", "root")]),
            Row(
                [("Prefix /foo", "short"), ("Prefix /foo/bar", "long"), ("Exact /foo/bar/baz", "exact")],
                [("/foo/barx", "short"), ("/foo/bar", "long"), ("/foo/bar/baz", "exact"), ("/foo/bar/baz/", "long")]),
        ]

        @Test("paths match as in the documentation's examples, and in nginx's normal form in other cases")
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
                    // The backend receives the target as sent, without decoding.
                    if let seen = answer.seen { #expect(seen.uri == target) }
                }
            }
            await controller.stop()
        }

        @Test(
            "nginx rejects a malformed path, and no backend receives it",
            arguments: ["/%", "/foo%", "/foo%2", "/foo%zz", "/%00", "/..", "/foo/../../x", "/%2e%2e/x", "foo"])
        func malformed(target: String) async throws {
            let (controller, host) = try await Self.rejecting.get()
            let answer = try await controller.raw(host: host.name, target: target)
            #expect(answer.status == 400)
            #expect(answer.seen == nil)
        }

        private static let rejectedPaths = [
            "/a//b", "/./a", "/a/..", "/%2e%2e/a", "/a%2F%2Fb", "/%", "/%zz", "/%ff", "/%00", "/a?b", "/a#b",
        ]

        private static let rejecting = Shared {
            let site = try await Site.make()
            let host = try site.host("all")
            try site.host(
                "rejected",
                paths: rejectedPaths.map { ("Exact \($0)", "web") } + [("Regex /b", "web"), ("Prefix /good", "web")])
            return (controller: try await site.start(), host: host)
        }

        @Test("a rule whose path no request can have is rejected on its own, and reported")
        func rejectedRules() async throws {
            let (controller, _) = try await Self.rejecting.get()
            #expect(try await controller.raw(host: "rejected.example.com", target: "/good/x").status == 200)
            for target in ["/a/b", "/a", "/b"] {
                #expect(
                    try await controller.raw(host: "rejected.example.com", target: target).status == 404, "\(target)")
            }
            let fields = try await controller.status()["rejections"].array.map { $0["field"].string ?? "" }
            let paths = Self.rejectedPaths.indices.map { "spec.rules[0].http.paths[\($0)].path" }
            #expect(fields == paths + ["spec.rules[0].http.paths[\(paths.count)].pathType"])
        }

        /// Ingress documentation, "Hostname wildcards".
        @Test("a wildcard matches exactly one label")
        func wildcards() async throws {
            let site = try await Site.make()
            let host = try site.host("wild", "*.foo.com")
            let controller = try await site.start()
            for (name, isMatched) in [
                ("bar.foo.com", true), ("baz.bar.foo.com", false), ("foo.com", false), ("BAR.foo.COM", true),
                ("x-y.foo.com", true),
            ] {
                #expect(try await controller.raw(host: name).status == (isMatched ? 200 : 404), "\(name)")
            }
            #expect(try await host.service(controller.raw(host: "bar.foo.com:8080")) == "web")
            await controller.stop()
        }

        @Test("a default backend serves requests that no path matches, and hosts without paths")
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
            #expect(try await controller.raw(host: "other.example.com", target: "/x").status == 404)
            await controller.stop()
        }

        /// Ingress documentation, "Name based virtual hosting" (two hosts, and a rule for all others),
        /// "DefaultBackend".
        @Test("a rule without a host serves every unclaimed name; so does a default backend without rules")
        func hostless() async throws {
            let site = try await Site.make()
            let names = ["service1", "service2", "service3", "rest"]
            let services = try names.map { try site.service($0) }
            try site.write("services.yaml", services.map(\.manifest))
            var ingress = site.ingress("virtual", host: "first.bar.com", service: "service1")
            var rules = ["second.foo.com", ""].enumerated().map { index, host in
                site.ingress("x", host: host, path: "/web", service: names[index + 1])["spec"]["rules"][0]
            }
            rules.insert(ingress["spec"]["rules"][0], at: 0)
            rules.append(["host": "bare.foo.com"])
            ingress["spec"]["rules"] = .array(rules)
            try site.write("virtual.yaml", [ingress])
            let controller = try await site.start()
            for (host, target, expected) in [
                ("first.bar.com", "/x", 0), ("second.foo.com", "/web", 1), ("third.foo.com", "/web/x", 2),
                ("127.0.0.1", "/web", 2), ("a_b", "/web", 2), ("FIRST.bar.com.", "/", 0),
                ("second.foo.com", "/", nil), ("third.foo.com", "/x", nil), ("bare.foo.com", "/web", nil),
            ] as [(String, String, Int?)] {
                let answer = try await controller.raw(host: host, target: target)
                #expect(answer.seen?.serverAddress == expected.map { services[$0].address }, "\(host)\(target)")
                #expect(answer.status == (expected == nil ? 404 : 200), "\(host)\(target)")
            }
            // "Without a hostname defined in the request", which HTTP/1.1 does not allow.
            #expect(
                try await RawHTTP.send(["GET /web HTTP/1.0", ""], port: controller.httpPort)
                    .contains(#""serverAddress":"\#(services[2].address)""#))
            ingress["spec"] = ["defaultBackend": ["service": ["name": "rest", "port": ["name": "http"]]]]
            try site.write("virtual.yaml", [ingress])
            try await controller.reaches(services[3].address, host: "first.bar.com", path: "/any")
            #expect(
                try await controller.raw(host: "second.foo.com").seen?.serverAddress == services[3].address)
            await controller.stop()
        }

        @Test("port names and external names work; a resource backend is rejected and answers 503")
        func backends() async throws {
            let site = try await Site.make()
            let web = try site.service("web")
            var alias = try site.service("alias").manifest
            alias["spec"] = [
                "type": "ExternalName", "externalName": .string("web.\(site.namespace).svc.cluster.local."),
            ]
            let number: JSON = ["number": .integer(site.backend.port)]
            let path = { (path: String, backend: JSON) -> JSON in
                ["path": .string(path), "pathType": "Prefix", "backend": backend]
            }
            let bucket: JSON = ["resource": ["apiGroup": "k8s.example.com", "kind": "StorageBucket", "name": "static"]]
            var ingress = site.ingress("web", host: "web.example.com")
            ingress["spec"] = [
                "defaultBackend": bucket,
                "rules": [
                    [
                        "host": "web.example.com",
                        "http": [
                            "paths": [
                                path("/named", ["service": ["name": "web", "port": ["name": "http"]]]),
                                path("/alias", ["service": ["name": "alias", "port": number]]),
                                path("/alias-by-name", ["service": ["name": "alias", "port": ["name": "http"]]]),
                                path("/icons", bucket),
                                path("/unnamed", ["service": ["name": "web", "port": ["name": "grpc"]]]),
                            ]
                        ],
                    ]
                ],
            ]
            try site.write("web.yaml", [web.manifest, alias, ingress])
            let controller = try await site.start()
            for (target, status) in [
                ("/named/x", 200), ("/alias/x", 200), ("/alias-by-name", 503), ("/icons/x", 503), ("/unnamed", 503),
                ("/else", 503),
            ] {
                let answer = try await controller.raw(host: "web.example.com", target: target)
                #expect(answer.status == status, "\(target)")
                if status == 200 { #expect(answer.seen?.serverAddress == web.address, "\(target)") }
            }
            let paths = "web spec.rules[0].http.paths"
            #expect(
                try await controller.rejected(site) == [
                    "web spec.defaultBackend.resource", "\(paths)[2].backend.service.port.name",
                    "\(paths)[3].backend.resource", "\(paths)[4].backend.service.port.name",
                ])
            await controller.stop()
        }
    }
}
