import Basics
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("The configuration value")
struct ConfigurationTests {
    private func certificate(_ digit: Character, version: Int = 1) throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 1, notAfter: 2,
            source: .vault("secret/ssl/a"), version: KVVersion(number: version, created: "t"))
    }

    private func configuration(_ hosts: (String, owner: String, path: String)...) throws -> Configuration {
        Configuration(
            table: RoutingTable(
                hosts: try hosts.map { name, owner, path in
                    var host = try host(name, owner: owner, [exact(path)])
                    host.settings.tls = .vault
                    return host
                }))
    }

    /// A configuration with every kind of backend and value.
    private func rich() throws -> Configuration {
        var special = try host("*.example.com", [])
        special.settings.tls = .vault
        special.settings.bodySize = try ByteSize("8m")
        special.settings.readTimeout = .milliseconds(1500)
        special.settings.allowFrom = [try AddressRange("10.0.0.0/8")]
        special.settings.hsts = .off
        special.settings.appRoot = try RequestPath("/a%25b")
        special.settings.basicAuth = .users(try VaultPath("secret/users"))
        let pods = Backend.pods(
            of: ObjectKey(namespace: "shop", name: "web"), address: try DNSName("web.shop.svc.cluster.local"),
            port: try ServicePort(80))
        let split = Backend.split(
            [.init(weight: 1, backend: try prefix("/").backend), .init(weight: 2, backend: .unavailable)],
            by: try StickyKey("header:X-User"))
        let affine = Backend.split(
            [.init(weight: 1, backend: pods), .init(weight: 2, backend: .unavailable)], by: .affinity)
        special.routes = [
            Route(
                match: .exact(try RequestPath("/x")),
                backend: .blueGreen(plain: split, blue: affine, green: .unavailable))
        ]
        let addresses = try ["10.0.0.1:8080", "[2001:db8::1]:8080"].map { try AddressAndPort($0) }
        return Configuration(
            table: RoutingTable(hosts: [special, try host("", owner: "all", [])], pods: [pods: addresses]),
            certificates: CertificateSet(byHost: [special.host: try certificate("a")], fallback: try certificate("b")),
            htpasswdFiles: [
                HtpasswdFile(path: try VaultPath("secret/users"), version: KVVersion(number: 3, created: "t"))
            ],
            quarantined: [OwnerRef(kind: .ingress, namespace: "shop", name: "web"): "[emerg] no"])
    }

    @Test("generation.json is read back as the same value, and equal values give equal bytes")
    func coding() throws {
        let configuration = try rich()
        let json = try configuration.json()
        #expect(try Configuration(json: json) == configuration)
        #expect(try Configuration(json: json).json() == json)
    }

    @Test(
        "a certificate with several files and remarks is read back; one of an earlier build is read without its version"
    )
    func certificateCoding() throws {
        var pair = try certificate("a")
        pair.additional = [try certificate("b").address]
        pair.remarks = [CertificateRemark(.chain, "no issuer")]
        var configuration = try rich()
        configuration.certificates.fallback = pair
        let json = try configuration.json()
        #expect(try Configuration(json: json) == configuration)
        // The entry as written before: without remarks.
        let text = String(decoding: try rich().json(), as: UTF8.self)
        #expect(text.contains(#","remarks":[]"#) || text.contains(#""remarks":[],"#))
        let old = text.replacing(#","remarks":[]"#, with: "").replacing(#""remarks":[],"#, with: "")
        let read = try Configuration(json: Array(old.utf8)).certificates.fallback
        var expected = try certificate("b")
        expected.version = nil
        #expect(read == expected)
        let later = String(decoding: json, as: UTF8.self).replacing(#""kind":"chain""#, with: #""kind":"later""#)
        #expect(try Configuration(json: Array(later.utf8)).certificates.fallback?.remarks.map(\.kind) == [.note])
    }

    @Test("a certificate for another algorithm is a change")
    func additional() throws {
        let host = try Host("a.example.com")
        let old = try configuration(("a.example.com", "a", "/x"))
        var (before, after) = (old, old)
        before.certificates.byHost[host] = try certificate("a")
        after.certificates.byHost[host] = try certificate("a")
        after.certificates.byHost[host]?.additional = [try certificate("b").address]
        #expect(ConfigurationDiff(from: before, to: after).certificates.map(\.verb) == [.modified])
    }

    @Test(
        "a damaged generation.json is an error",
        arguments: [("*.example.com", "a;b"), ("10.0.0.1:8080", "10.0.0.1"), ("\"Ingress\"", "\"Gateway\"")])
    func damage(text: String, damaged: String) throws {
        let json = String(decoding: try rich().json(), as: UTF8.self)
        #expect(json.contains(text))
        #expect(throws: (any Error).self) { try Configuration(json: Array(json.replacing(text, with: damaged).utf8)) }
    }

    @Test("added, removed and changed hosts are distinguished, and the others are not named")
    func hosts() throws {
        let old = try configuration(
            ("a.example.com", "a", "/x"), ("b.example.com", "b", "/x"), ("c.example.com", "c", "/x"))
        let new = try configuration(
            ("b.example.com", "b", "/y"), ("c.example.com", "c", "/x"), ("d.example.com", "d", "/x"))
        let diff = ConfigurationDiff(from: old, to: new)
        #expect(diff.added == ["d.example.com"])
        #expect(diff.removed == ["a.example.com"])
        #expect(diff.changed == ["b.example.com"])
        #expect(ConfigurationDiff(from: nil, to: old).added == ["a.example.com", "b.example.com", "c.example.com"])
        let none = ConfigurationDiff(from: new, to: new)
        #expect(none.added + none.removed + none.changed == [])
        #expect(none.keepsSecretFiles)
    }

    @Test("another owner is a change of the host, and so are other pods of its Service")
    func ownersAndPods() throws {
        let old = try configuration(("a.example.com", "a", "/x"))
        #expect(
            ConfigurationDiff(from: old, to: try configuration(("a.example.com", "b", "/x"))).changed
                == ["a.example.com"])
        var moved = try rich()
        moved.table.pods = moved.table.pods.mapValues { $0.dropLast() }
        #expect(ConfigurationDiff(from: try rich(), to: moved).changed == ["*.example.com"])
    }

    @Test("a new, another and a missing certificate are changes; another version of the same one is not")
    func certificates() throws {
        let host = try Host("a.example.com")
        var (old, new) = try (
            configuration(("a.example.com", "a", "/x")), configuration(("a.example.com", "a", "/x"))
        )
        func verbs() -> [String] {
            ConfigurationDiff(from: old, to: new).certificates.map { "\($0.host) \($0.verb.rawValue)" }
        }
        new.certificates = CertificateSet(byHost: [host: try certificate("a")], fallback: try certificate("f"))
        #expect(verbs() == ["- added", "a.example.com added"])
        old.certificates = new.certificates
        new.certificates.byHost[host] = try certificate("a", version: 2)
        #expect(verbs() == [])
        new.certificates.byHost[host] = try certificate("b")
        #expect(verbs() == ["a.example.com modified"])
        new.certificates = CertificateSet()
        #expect(verbs() == ["- deleted", "a.example.com deleted"])
        #expect(
            ConfigurationDiff(from: old, to: new).changed.isEmpty, "a certificate alone is not a change of the host")
    }

    @Test("a certificate of a host that does not want TLS is not served")
    func unwanted() throws {
        var configuration = try configuration(("a.example.com", "a", "/x"))
        configuration.certificates.byHost[try Host("a.example.com")] = try certificate("a")
        #expect(configuration.servedCertificates.keys.sorted() == ["a.example.com"])
        configuration.table.hosts[0].settings.tls = nil
        #expect(configuration.servedCertificates.isEmpty)
    }

    @Test(
        "an htpasswd file is a change when it comes into use and when it is no longer used, not when its content changes"
    )
    func htpasswd() throws {
        var (old, new) = (Configuration(), Configuration())
        new.htpasswdFiles = [HtpasswdFile(path: try VaultPath("secret/b"), version: KVVersion(number: 1, created: "t"))]
        old.htpasswdFiles = [HtpasswdFile(path: try VaultPath("secret/a"), version: KVVersion(number: 1, created: "t"))]
        #expect(
            ConfigurationDiff(from: old, to: new).htpasswdFiles
                == [
                    .init(source: try HtpasswdSource("secret/a"), verb: .deleted),
                    .init(source: try HtpasswdSource("secret/b"), verb: .added),
                ])
        old.htpasswdFiles = [HtpasswdFile(path: try VaultPath("secret/b"), version: KVVersion(number: 2, created: "t"))]
        #expect(ConfigurationDiff(from: old, to: new).htpasswdFiles.isEmpty)
    }
}
