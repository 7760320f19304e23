import Routing
import Testing

@Suite("Paths of certificates that Ingresses name")
struct CertificatePathTests {
    private func read(
        _ path: String, prefix: String? = "secret/shared/{namespace}", labels: [String: String] = ["ssl": "true"]
    ) throws -> (settings: HostSettings?, rejections: [Rejection]) {
        var options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"))
        options.vaultPathPrefix = try prefix.map { try VaultPathPrefix($0) }
        let result = try route(
            [
                ingress(
                    "web", labels: labels, annotations: [Annotation.vaultPath.name: path],
                    [rule("a.example.com")])
            ], services: [service("web")], options: options)
        return (result.table.hosts.first?.settings, result.rejections)
    }

    @Test("a path below the operator's prefix with the namespace of the Ingress is used")
    func allowed() throws {
        for path in ["secret/shared/shop/san", " secret/shared/shop/a/b ", "secret/data/shared/shop/san"] {
            let (settings, rejections) = try read(path)
            #expect(settings?.vaultPath?.text.hasPrefix("secret/shared/shop/") == true, "\(path)")
            #expect(settings?.tls == .vault && rejections.isEmpty)
        }
    }

    @Test(
        "any other path is rejected, and the host keeps the path that applies to all",
        arguments: [
            "secret/shared/bank/san", "secret/shared/shop", "secret/shared/shop/../bank/san", "secret/shared/shop//san",
            "secret/shared/shop/./san", "secret/shared/shop/%2e%2e/bank", "secret/shared/shop/..%2fbank",
            "/secret/shared/shop/san", "secret/shared/shop/san/", "secret/shared/shop/a b", "secret/shared/shop/a?x=y",
            "secret/shared/shop/a#b", "secret/shared/shop/\u{2025}/a", "secret\\shared\\shop\\a", "", "sys/raw/x",
        ])
    func rejected(path: String) throws {
        let (settings, rejections) = try read(path)
        #expect(settings?.vaultPath == nil && settings?.tls == .vault)
        #expect(rejections.map(\.reason) == [.invalidRule])
        #expect(rejections.first?.field == "metadata.annotations[vault-ingress.io/vault-path]")
    }

    @Test("without --vault-path-prefix, the rejection names the flag; without the label ssl, it names the label")
    func flag() throws {
        let (settings, rejections) = try read("secret/shared/shop/san", prefix: nil)
        #expect(settings?.vaultPath == nil)
        #expect(rejections.map(\.reason) == [.invalidRule])
        #expect(rejections.first?.explanation.contains("--vault-path-prefix") == true)
        let bare = try read("secret/shared/shop/san", labels: [:]).rejections
        #expect(bare.map(\.reason) == [.invalidRule])
        #expect(bare.first?.explanation.hasPrefix("expected the label ssl: \"true\" as well") == true)
    }
}
