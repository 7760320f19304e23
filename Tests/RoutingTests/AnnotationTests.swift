import KubernetesAPI
import Routing
import Testing

@Suite("Annotations")
struct AnnotationTests {
    /// The settings that annotations make; TLS comes from the label.
    private func settings(_ annotations: [Annotation: String]) throws -> (HostSettings, [Rejection]) {
        let named = Dictionary(uniqueKeysWithValues: annotations.map { ($0.key.name, $0.value) })
        let result = try route([
            ingress("web", labels: ["ssl": "true"], annotations: named, [rule("a.example.com", path("/"))])
        ])
        var settings = try #require(result.table.hosts.first).settings
        settings.tls = nil
        return (settings, result.rejections)
    }

    struct Understood: Sendable {
        let annotation: Annotation
        let value: String
        let expected: HostSettings

        init(_ annotation: Annotation, _ value: String, _ change: (inout HostSettings) throws -> Void) rethrows {
            self.annotation = annotation
            self.value = value
            var settings = HostSettings()
            try change(&settings)
            expected = settings
        }
    }

    private static func understood() throws -> [Understood] {
        var table: [Understood] = []
        table.append(try Understood(.bodySize, "1") { $0.bodySize = try ByteSize("1") })
        table.append(try Understood(.bodySize, "8k") { $0.bodySize = try ByteSize("8192") })
        table.append(try Understood(.bodySize, " 8M ") { $0.bodySize = try ByteSize("8388608") })
        table.append(try Understood(.bodySize, "64g") { $0.bodySize = try ByteSize("68719476736") })
        table.append(Understood(.connectTimeout, "10ms") { $0.connectTimeout = .milliseconds(10) })
        table.append(Understood(.connectTimeout, "75s") { $0.connectTimeout = .seconds(75) })
        table.append(Understood(.readTimeout, "24h") { $0.readTimeout = .seconds(86400) })
        table.append(Understood(.sendTimeout, "1m30s") { $0.sendTimeout = .seconds(90) })
        table.append(Understood(.buffering, "off") { $0.buffering = false })
        table.append(Understood(.buffering, "on") { $0.buffering = true })
        table.append(try Understood(.allowFrom, "10.1.2.3/8") { $0.allowFrom = [try AddressRange("10.0.0.0/8")] })
        table.append(
            try Understood(.allowFrom, "::1, 192.0.2.7,::1") {
                $0.allowFrom = [try AddressRange("192.0.2.7/32"), try AddressRange("::1/128")]
            })
        table.append(try Understood(.rateLimit, "100000") { $0.rateLimit = try RequestRate("100000") })
        table.append(Understood(.hsts, "365d") { $0.hsts = .seconds(31_536_000) })
        table.append(Understood(.hsts, "1h") { $0.hsts = .seconds(3600) })
        table.append(Understood(.hsts, "off") { $0.hsts = .off })
        table.append(Understood(.redirectToHTTPS, "308") { $0.redirect = .permanentRedirect })
        table.append(Understood(.backendProtocol, "https") { $0.backendProtocol = .https })
        table.append(
            Understood(.backendProtocol, "grpcs") {
                $0.backendProtocol = .grpcs
                $0.http2 = true
            })
        table.append(try Understood(.appRoot, "/a%20b") { $0.appRoot = try RequestPath("/a b") })
        table.append(try Understood(.rewritePrefix, "/v2/") { $0.rewritePrefix = try RequestPath("/v2") })
        table.append(Understood(.rewritePrefix, "/") { $0.rewritePrefix = .root })
        let users = "secret/basic-auth/shop/x"
        table.append(try Understood(.basicAuth, users) { $0.basicAuth = .users(try VaultPath(users)) })
        table.append(Understood(.affinity, "cookie") { $0.affinity = true })
        return table
    }

    @Test("a value is read into its own type, with units")
    func good() throws {
        for entry in try Self.understood() {
            let (settings, rejections) = try settings([entry.annotation: entry.value])
            #expect(settings == entry.expected, "\(entry.annotation) \(entry.value)")
            #expect(rejections == [])
        }
    }

    @Test(
        "a value that is not valid is rejected by name, and the other annotations apply",
        arguments: [
            (.bodySize, ["", "0", "-1", "1.5m", "1mb", "65g", "999999999999g", "9999999999999g", "１"]),
            (.connectTimeout, ["", "5", "9ms", "76s", "-1s", "1m 30s"]),
            (.readTimeout, ["25h", "0s", "1d", "１０s", "1s1m", "24h1ms", "1000000000ms0"]),
            (.sendTimeout, ["∞"]), (.buffering, ["", "true", "Off"]),
            (.rateLimit, ["", "0", "-5", "+5", "1.5", "10r/s", "100001", "٣"]),
            (.hsts, ["", "1y", "-1d", "3651d", "100ms", "on", "d", "１h", "1h1d"]),
            (.redirectToHTTPS, ["", "true", "302"]),
            (.backendProtocol, ["", "HTTP", "fcgi"]), (.appRoot, ["", "/", "x", "//x", "https://x/", "/a?b", "/../x"]),
            (.rewritePrefix, ["", "x", "/a//b", "/a?b", "/%zz"]), (.affinity, ["", "ip", "true"]),
            (
                .split,
                [
                    "", "a=1", "a=1,a=2", "a=0,b=1", "a=1,b=-1", "a=1;b=2", "a=1,b.c=1", "a=1,b=20000", "a=1,b=1000001",
                    "a=+1,b=1", "a=1,b=", "a,b", "A=1,=1",
                ]
            ),
        ] as [(Annotation, [String])])
    func bad(annotation: Annotation, values: [String]) throws {
        // The other annotation applies.
        let other: (Annotation, String) = annotation == .bodySize ? (.rateLimit, "7") : (.bodySize, "8m")
        for value in values {
            let (settings, rejections) = try settings([annotation: value, other.0: other.1])
            #expect(rejections.map(\.field) == ["metadata.annotations[\(annotation.name)]"], "\(value)")
            #expect(rejections.first?.reason == .invalidRule)
            #expect(try settings == self.settings([other.0: other.1]).0, "\(value)")
        }
    }

    @Test("every value is read or rejected", arguments: Annotation.allCases)
    func anything(annotation: Annotation) throws {
        let pieces =
            annotation.description.example.map(String.init) + [
                "9", "9", "99999999", "0", "k", "g", "h", "ms", "d", "=", ",", "/", ":",
            ]
            + [
                "-", "+", ".", "..", "%", "%2F", "%00", " ", "\n", "\0", "\u{301}", "İ", "٣", "🇩🇪", "\"", "$", "{", "}",
                ";",
            ]
        for _ in 0..<500 {
            let value = (0..<Int.random(in: 0...16)).compactMap { _ in pieces.randomElement() }.joined()
            let (settings, rejections) = try settings([annotation: value])
            #expect(
                settings == HostSettings() || rejections.isEmpty || settings.allowFrom != nil
                    || settings.basicAuth == .nobody, "\(value)")
        }
    }

    @Test("the valid elements of an address list apply, and a list without one denies every client")
    func badAddresses() throws {
        let (some, rejections) = try settings([.allowFrom: "10.0.0.0/8, 10.0.0.0/33, all"])
        #expect(some.allowFrom?.map(\.text) == ["10.0.0.0/8"])
        #expect(rejections.count == 2)
        #expect(try settings([.allowFrom: "all"]).0.allowFrom == [])
        #expect(try settings([.allowFrom: ""]).0.allowFrom == [])
    }

    @Test(
        "basic-auth with a value that is not valid closes the host",
        arguments: ["", "x", "/secret/x", "secret/../sys", "secret/a b", "a//b"])
    func badUsers(value: String) throws {
        let (settings, rejections) = try settings([.basicAuth: value])
        #expect(settings.basicAuth == .nobody)
        #expect(rejections.count == 1)
    }

    @Test("an unknown annotation with the prefix is rejected, annotations of other controllers are ignored")
    func unknown() throws {
        let annotations = ["vault-ingress.io/bodysize": "1m", "nginx.org/server-snippets": "x", "note": "y"]
        let result = try route([ingress("web", annotations: annotations, [rule("a.example.com", path("/"))])])
        #expect(result.rejections.map(\.field) == ["metadata.annotations[vault-ingress.io/bodysize]"])
        #expect(result.rejections.first?.explanation.contains("body-size") == true)
    }

    @Test("redirect-to-https implies httpsOnly unless it is rejected; grpc implies HTTP/2")
    func implications() throws {
        func settings(_ annotation: Annotation, _ value: String) throws -> HostSettings {
            let ingress = ingress("web", annotations: [annotation.name: value], [rule("a.example.com", path("/"))])
            return try #require(try route([ingress]).table.hosts.first).settings
        }
        #expect(try settings(.redirectToHTTPS, "301").redirect == .movedPermanently)
        #expect(try settings(.redirectToHTTPS, "yes").redirect == nil)
        #expect(try settings(.backendProtocol, "grpc").http2)
        #expect(!(try settings(.backendProtocol, "https").http2))
    }

    @Test(
        "the label httpsBackend applies unless the annotation differs, which is rejected",
        arguments: [
            (nil, .https, 0), ("https", .https, 0), ("grpcs", .grpcs, 0), ("http", .http, 1), ("grpc", .grpc, 1),
        ]
            as [(String?, BackendProtocol, Int)])
    func httpsBackend(annotation: String?, expected: BackendProtocol, rejections: Int) throws {
        let annotations = annotation.map { [Annotation.backendProtocol.name: $0] } ?? [:]
        let ingress = ingress(
            "web", labels: ["httpsBackend": "true", "ssl": "true"], annotations: annotations,
            [rule("a.example.com", path("/"))])
        let result = try route([ingress])
        #expect(result.table.hosts.first?.settings.backendProtocol == expected)
        #expect(result.rejections.count == rejections)
    }

    @Test(
        "settings that take effect over TLS only are rejected without the label ssl",
        arguments: [
            (["httpsOnly": "true"], [:], ["metadata.labels[httpsOnly]"]),
            (["http2": "true"], [:], ["metadata.labels[http2]"]),
            (["http2": "false", "httpsOnly": "false"], [:], []),
            ([:], ["redirect-to-https": "301"], ["metadata.annotations[vault-ingress.io/redirect-to-https]"]),
            ([:], ["backend-protocol": "grpc"], ["metadata.annotations[vault-ingress.io/backend-protocol]"]),
            ([:], ["backend-protocol": "https", "hsts": "off"], []),
        ] as [([String: String], [String: String], [String])])
    func withoutTLS(labels: [String: String], annotations: [String: String], rejected: [String]) throws {
        let named = Dictionary(uniqueKeysWithValues: annotations.map { (Annotation.prefix + $0.key, $0.value) })
        for ssl in ["true", "false"] {
            let result = try route([
                ingress(
                    "web", labels: labels.merging(["ssl": ssl]) { $1 }, annotations: named,
                    [rule("a.example.com", path("/"))])
            ])
            #expect(result.rejections.map(\.field) == (ssl == "true" ? [] : rejected))
        }
    }

    @Test("a host in spec.tls is rejected without the label ssl only", arguments: [true, false])
    func plainTLS(isLabelled: Bool) throws {
        var web = ingress("web", labels: isLabelled ? ["ssl": "true"] : [:], [rule("a.example.com", path("/"))])
        web.spec.tls = [.init(hosts: ["a.example.com", "b.example.com"], secretName: "x")]
        #expect(
            try route([web]).rejections.map(\.field)
                == (isLabelled ? [] : ["spec.tls[0].hosts[0]", "spec.tls[0].hosts[1]"]))
    }
}
