import KubernetesAPI
import Routing
import Testing

@Suite("Values of Ingresses")
struct ValueTests {
    @Test(
        "a host that is not valid is rejected, and the others are served",
        arguments: [
            "a_b.example.com", "-a.example.com", "a-.example.com", "a..example.com", ".example.com", "example.com.",
            "*", "*.", "a.*.com", "*.*.com", "*example.com", "10.0.0.1", "a b", "a;b", "a\nb", "{", "ü.example.com",
            String(repeating: "a", count: 64) + ".com", String(repeating: "a.", count: 127) + "abc",
        ])
    func hosts(text: String) throws {
        #expect(throws: InvalidValue.self) { try Host(text) }
        let result = try route([ingress("a", [rule(text), rule("good.example.com", path("/"))])])
        #expect(result.owners == ["good.example.com": "shop/a"])
        #expect(result.rejections.map(\.field) == ["spec.rules[0].host"])
    }

    @Test(
        "a path that is not valid is rejected, and the others are served",
        arguments: [
            "foo", "/a//b", "/a/../b", "/./a", "/..", "/a?b", "/a#b", "/a\nb", "/a\u{0}", "/%0a", "/%2", "/%zz", "/%ff",
            "/%2e%2e/", "/a\u{2028}", "/" + String(repeating: "a", count: 1024),
        ])
    func paths(text: String) throws {
        #expect(throws: InvalidValue.self) { try RequestPath(text) }
        let result = try route([ingress("a", [rule("a.example.com", path(text), path("/good"))])])
        #expect(try result.answer("a.example.com", "/good") != nil)
        #expect(result.rejections.map(\.field) == ["spec.rules[0].http.paths[0].path"])
    }

    @Test("a path is compared decoded", arguments: [("/a%20b", "/a b"), ("/caf%C3%A9", "/café"), ("/%7e", "/~")])
    func decoded(written: String, meant: String) throws {
        #expect(try RequestPath(written).text == meant)
    }

    @Test(
        "the longest valid path fits nginx's buffer in every form",
        arguments: [("a", 511), ("$", 32), ("%24", 32), ("%C3%A9", 255)])
    func longest(piece: String, count: Int) throws {
        #expect(throws: Never.self) { try RequestPath("/" + String(repeating: piece, count: count)) }
        #expect(throws: InvalidValue.self) { try RequestPath("/" + String(repeating: piece, count: count + 1)) }
    }

    @Test(
        "a coded path is decoded to an equal path",
        arguments: ["/a%2541", "/%25\u{301}", "/" + String(repeating: "%25", count: 511)])
    func coded(text: String) throws {
        let path = try RequestPath(text)
        #expect(try RequestPath(path.codedText) == path)
    }

    @Test(
        "an Ingress whose name no API server would accept is rejected as a whole",
        arguments: [
            ("a b", "shop"), ("a\nb", "shop"), ("", "shop"), ("A", "shop"), ("a_b", "shop"), ("-a", "shop"),
            ("a", "s.hop"),
            ("a", ""), ("a", "x\";}"), (String(repeating: "a", count: 254), "shop"), ("é", "shop"),
        ])
    func names(name: String, namespace: String) throws {
        let result = try route(
            [
                ingress(name, namespace: namespace, [rule("a.example.com", path("/"))]),
                ingress("good", [rule("b.example.com")]),
            ])
        #expect(result.owners == ["b.example.com": "shop/good"])
        #expect(result.rejections.map(\.field) == ["metadata"])
    }

    @Test(
        "a name of digits and dots is valid", arguments: ["1", "a.1", "10.0.0.1", String(repeating: "a", count: 253)])
    func digits(name: String) throws {
        #expect(try route([ingress(name, [rule("a.example.com")])]).owners == ["a.example.com": "shop/\(name)"])
    }

    @Test("rules and paths beyond the limits are rejected once")
    func size() throws {
        let many = (0..<1500).map { rule("h\($0).example.com", path("/a"), path("/b"), path("/c")) }
        let result = try route([ingress("a", many), ingress("b", created: 1, [rule("h1200.example.com", path("/"))])])
        #expect(result.owners.count == 1001)
        #expect(result.owners["h999.example.com"] == "shop/a")
        #expect(result.owners["h1200.example.com"] == "shop/b")
        #expect(result.table.hosts.reduce(0) { $0 + $1.routes.count } == 2001)
        #expect(result.rejections.map(\.field) == ["spec.rules[1000]", "spec.rules[666].http.paths[2].path"])
    }

    @Test("ranges beyond the limit are rejected")
    func ranges() throws {
        let list = (0..<300).map { "10.0.\($0 / 250).\($0 % 250)" }.joined(separator: ",")
        let result = try route([
            ingress("a", annotations: [Annotation.allowFrom.name: list], [rule("a.example.com", path("/"))])
        ])
        #expect(result.table.hosts.first?.settings.allowFrom?.count == 256)
        #expect(
            result.rejections.map(\.explanation) == [
                "expected at most 256 ranges, found 300; those after them are rejected"
            ])
    }

    @Test("a port outside 1…65535 is rejected, and its path answers 503", arguments: [0, -1, 65536])
    func portRange(number: Int) throws {
        let result = try route([ingress("a", [rule("a.example.com", path("/", port: .number(number)))])])
        #expect(try result.answer("a.example.com", "/") == "unavailable")
        #expect(result.rejections.map(\.reason) == [.invalidRule])
    }

    @Test("an unknown path type and a missing port are rejected with their field")
    func others() throws {
        let result = try route([
            ingress("a", [rule("a.example.com", path("/x", "Regex"), path("/y", port: .absent))]), ingress("b"),
        ])
        #expect(
            result.rejections.map(\.field) == [
                "spec.rules[0].http.paths[0].pathType", "spec.rules[0].http.paths[1].backend.service.port", "spec",
            ])
    }

    @Test("the value in a rejection stays on one line and is cut")
    func quoting() throws {
        let result = try route([ingress("a", [rule("a\n\u{1b}[31m" + String(repeating: "x", count: 500))])])
        let line = try #require(result.rejections.first).description
        #expect(!line.contains { $0.isNewline || $0 == "\u{1b}" })
        #expect(line.count < 300)
    }

    @Test("the table does not depend on the order of the snapshot")
    func determinism() throws {
        let all = (0..<50).map {
            ingress("i\($0)", created: Double($0 % 7), [rule("h\($0 % 20).example.com", path("/"))])
        }
        #expect(try route(all) == route(all.reversed()))
    }
}

@Suite("Labels")
struct LabelTests {
    @Test("a label applies when it is \"true\"; values other than true and false are rejected")
    func labels() throws {
        let result = try route([
            ingress("a", labels: ["ssl": "true", "http2": "false", "httpsOnly": "yes"], [rule("a.example.com")])
        ])
        #expect(result.table.hosts.map(\.settings) == [HostSettings(tls: .vault)])
        #expect(result.rejections.map(\.field) == ["metadata.labels[httpsOnly]"])
        #expect(result.rejections.map(\.value) == ["yes"])
    }
}
