import KubernetesAPI
import Routing
import Testing

@Suite("Quota of host names with one hash in nginx")
struct ServerNameQuotaTests {
    /// `c0` and `an` have one hash: 31 · 'c' + '0' = 31 · 'a' + 'n'.
    private static func names(_ count: Int) -> [String] {
        (0..<count).map { number in
            let bits = (0..<9).map { number >> $0 & 1 == 0 ? "c0" : "an" }
            let filler = ["a", "b", "c"].map { String(repeating: $0, count: 60) }.joined(separator: ".")
            return "x\(bits.joined()).\(filler).example"
        }
    }

    @Test("names beyond the quota of a namespace are rejected; those of other namespaces and other names are served")
    func quota() throws {
        let many = Self.names(300)
        let result = try route(
            [
                ingress("evil", created: 1, many.dropLast().map { rule($0, path("/")) }),
                ingress("shop", created: 2, namespace: "other", [rule(many[299], path("/"))]),
                ingress("more", created: 3, [rule("a.example.com", path("/"))]),
            ], services: [service("web"), service("web", namespace: "other")])
        // 8 bytes, and 2 + 210 rounded up to a multiple of 8.
        #expect(result.table.hosts.count == 1024 / 224 + 2)
        #expect(result.owners[many[299]] == "other/shop")
        #expect(result.owners["a.example.com"] == "shop/more")
        #expect(
            result.rejections.last?.detail
                == "spec \"\": \(299 - 1024 / 224 - 100) more rejections; they are listed when the first 100 are corrected"
        )
        #expect(
            result.rejections.first?.description.hasSuffix(
                "expected a host within the quota of the namespace: too many of its hosts have the same hash in nginx; "
                    + "use another name") == true)
    }

    @Test("ten thousand ordinary names are within the quota")
    func chance() throws {
        let rules = (0..<1000).map { rule("host-\($0).example.com", path("/")) }
        let ingresses = (0..<10).map { number in
            ingress(
                "i\(number)", created: Double(number),
                rules.map { Ingress.Rule(host: "n\(number)-\($0.host)", paths: $0.paths) })
        }
        #expect(try route(ingresses).rejections.isEmpty)
    }
}
