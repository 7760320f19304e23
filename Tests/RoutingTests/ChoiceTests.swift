import KubernetesAPI
import Routing
import Testing

@Suite("Splits and blue-green")
struct ChoiceTests {
    private func split(_ value: String, by key: String? = nil, services: [String] = ["v1", "v2", "web"]) throws
        -> Router.Result
    {
        var annotations = [Annotation.split.name: value]
        annotations[Annotation.splitBy.name] = key
        return try route(
            [
                ingress(
                    "web", annotations: annotations,
                    [rule("a.example.com", path("/", to: "v1"), path("/other", to: "web"))])
            ], services: services.map { service($0) })
    }

    @Test("paths whose Service the split names are divided, other paths are not")
    func divided() throws {
        let result = try split("v1=90, v2=10")
        #expect(
            try result.answer("a.example.com", "/")
                == "90 v1.shop.svc.cluster.local:80, 10 v2.shop.svc.cluster.local:80")
        #expect(try result.answer("a.example.com", "/other") == "web.shop.svc.cluster.local:80")
        #expect(result.rejections == [])
    }

    @Test(
        "the share of a missing Service goes to the others, and the Service is rejected",
        arguments: [["v1"], ["v2"], []])
    func missing(present: [String]) throws {
        let result = try split("v1=90,v2=10", services: present + ["web"])
        let expected = present.first.map { "\($0).shop.svc.cluster.local:80" } ?? "unavailable"
        #expect(try result.answer("a.example.com", "/") == expected)
        #expect(result.rejections.map(\.reason) == Array(repeating: .serviceNotFound, count: 2 - present.count))
    }

    @Test("a split that names no Service of a path is rejected")
    func idle() throws {
        #expect(
            try split("x=1,y=2", services: ["v1", "v2", "web", "x", "y"]).rejections.map(\.field) == [
                "metadata.annotations[vault-ingress.io/split]"
            ])
    }

    @Test(
        "split-by is a cookie, a header or the address",
        arguments: [
            ("cookie:session_id", true), ("header:X-User", true), ("ip", true), ("ip:x", false), ("", false),
            ("cookie:", false), ("cookie:a-b", false), ("header:x_y", false), ("query:x", false),
        ])
    func keys(value: String, isGood: Bool) throws {
        let result = try split("v1=1,v2=1", by: value)
        #expect(result.rejections.isEmpty == isGood)
        guard case .split(_, let key) = result.table.hosts[0].routes[0].backend else {
            throw InvalidValue(value, expected: "a split")
        }
        #expect((key != nil) == isGood)
    }

    @Test("split-by without a split is rejected")
    func lonelyKey() throws {
        let result = try route([
            ingress("web", annotations: [Annotation.splitBy.name: "ip"], [rule("a.example.com", path("/"))])
        ])
        #expect(result.rejections.map(\.field) == ["metadata.annotations[vault-ingress.io/split-by]"])
    }

    @Test("blue-green has three Services; one that is missing answers 503 to requests that select it")
    func blueGreen() throws {
        let ingress = ingress(
            "web", labels: ["deployment_method": "bluegreen"],
            [rule("a.example.com", path("/", port: .name("http")))])
        let result = try route([ingress], services: [service("web"), service("web-blue")])
        #expect(
            try result.answer("a.example.com", "/")
                == "web.shop.svc.cluster.local:80 | web-blue.shop.svc.cluster.local:80 | unavailable")
        #expect(result.rejections.map(\.value) == ["web-green"])
    }

    @Test("an unknown deployment method is rejected", arguments: ["BlueGreen", "canary", ""])
    func unknownMethod(value: String) throws {
        let result = try route([
            ingress("web", labels: ["deployment_method": value], [rule("a.example.com", path("/"))])
        ])
        #expect(try result.answer("a.example.com", "/") == "web.shop.svc.cluster.local:80")
        #expect(result.rejections.map(\.field) == ["metadata.labels[deployment_method]"])
    }
}
