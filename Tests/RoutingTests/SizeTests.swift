import KubernetesAPI
import Routing
import Testing

@Suite("Size limits of one Ingress")
struct SizeTests {
    @Test("a hundred rejections are listed with the number of the others, and every conflict")
    func problems() throws {
        let hosts = (0..<150).map { "h\($0).example.com" }
        let result = try route([
            ingress("old", created: 1, hosts.map { rule($0) }),
            ingress("young", created: 2, hosts.map { rule($0) } + (0..<250).map { rule("_\($0)") }),
        ])
        let conflicts = result.rejections.filter { if case .hostConflict = $0.reason { true } else { false } }
        #expect(conflicts.count == 150)
        #expect(result.rejections.count == 150 + 100 + 1)
        #expect(
            result.rejections.last?.explanation
                == "150 more rejections; they are listed when the first 100 are corrected")
    }

    @Test("a long value is cut in the rejection")
    func longValue() throws {
        let list = String(repeating: ",", count: 100_000)
        let result = try route([ingress("a", annotations: [Annotation.allowFrom.name: list], [rule("a.example.com")])])
        #expect(result.rejections.allSatisfy { $0.value.utf8.count < 300 })
        #expect(result.rejections.count <= 101)
        #expect(result.table.hosts.first?.settings.allowFrom == [])
    }

    @Test("ten ports of a Service are listed")
    func ports() throws {
        let many = service("web", ports: (1...10_000).map { .init(name: "p\($0)", port: $0) })
        let result = try route([ingress("a", [rule("a.example.com", path("/", port: .name("x")))])], services: [many])
        let explanation = try #require(result.rejections.first?.explanation)
        #expect(explanation.hasSuffix("p9=9, p10=10, 9990 more"))
    }

    @Test("a configuration of more than 4 MB is cut: paths")
    func paths() throws {
        let names = (0..<100).map { "s\($0)" }
        let services = names.map {
            service($0, type: "ExternalName", externalName: String(repeating: "a.", count: 100) + "example", ports: [])
        }
        let split = names.map { "\($0)=1" }.joined(separator: ",")
        var rule = rule("a.example.com")
        rule.paths = (1...2000).map { path("/\($0)", to: "s0", port: .number($0)) }
        let result = try route(
            [ingress("a", annotations: [Annotation.split.name: split], [rule])], services: services)
        let count = try #require(result.table.hosts.first?.routes.count)
        #expect((100..<300).contains(count))
        #expect(
            result.rejections.map(\.description) == [
                "Ingress shop/a: spec.rules[0].http.paths[\(count)].path \"/\(count + 1)\": expected at most "
                    + "4000000 bytes of nginx's configuration for one Ingress; this entry and all after it are rejected"
            ])
    }

    @Test("a configuration of more than 4 MB is cut: hosts")
    func hosts() throws {
        let ranges = (0..<256).map { "10.\($0).0.0/16" }.joined(separator: ",")
        let result = try route([
            ingress(
                "a", annotations: [Annotation.allowFrom.name: ranges], (0..<1000).map { rule("h\($0).example.com") })
        ])
        #expect((300..<600).contains(result.table.hosts.count))
        // The hosts, and the paths of the last of them.
        #expect(result.rejections.first?.field == "spec.rules[\(result.table.hosts.count)].host")
    }

    @Test("a thousand hosts with two paths each fit")
    func ordinary() throws {
        let rules = (0..<1000).map { rule("h\($0).example.com", path("/"), path("/\($0)")) }
        #expect(try route([ingress("a", rules)]).rejections.isEmpty)
    }
}
