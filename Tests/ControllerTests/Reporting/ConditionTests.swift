import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Testing

@testable import Controller
@testable import Routing

@Suite("What is told of an Ingress")
struct ConditionTests {
    private func ingress(_ name: String, age: Int, _ hosts: [String], service: String = "web") -> Ingress {
        Ingress(
            metadata: ObjectMeta(
                name: name, namespace: "shop", uid: "uid-\(name)",
                creationTimestamp: Date(timeIntervalSince1970: Double(1000 - age))),
            spec: Ingress.Spec(
                rules: hosts.map { host in
                    Ingress.Rule(
                        host: host,
                        paths: [
                            Ingress.Path(
                                path: "/", pathType: "Prefix", backend: .service(name: service, port: .number(80)))
                        ])
                }))
    }

    private func facts(
        _ ingresses: [Ingress], _ certificates: [CertificateReport] = [], quarantined: [OwnerRef: String] = [:]
    ) throws -> [String] {
        let service = Service(metadata: ObjectMeta(name: "web", namespace: "shop"), ports: [.init(port: 80)])
        let snapshot = Snapshot(ingresses: ingresses, services: [service])
        let router = Router(
            options: RoutingOptions(
                ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local")))
        let turn = LivePass(
            snapshot: snapshot, routed: router.route(snapshot), certificates: certificates, quarantined: quarantined)
        let facts = Condition.list(of: turn)
        #expect(facts.allSatisfy { $0.uid == "uid-\($0.owner.name)" })
        return facts.sorted().map { "\($0.owner.name) \($0.reason.rawValue): \($0.message)" }
    }

    @Test("its hosts, sorted, and whose the others are")
    func hosts() throws {
        let old = ingress("old", age: 3, ["b.example.com", "a.example.com"])
        let young = ingress("young", age: 1, ["a.example.com", "c.example.com"])
        let loser = ingress("loser", age: 0, ["c.example.com"])
        let conflict = "the oldest that names it; this one serves nothing on it"
        let expected = [
            "loser HostConflict: c.example.com belongs to Ingress shop/young, \(conflict)",
            "old Synced: serving a.example.com, b.example.com",
            "young Synced: serving c.example.com",
            "young HostConflict: a.example.com belongs to Ingress shop/old, \(conflict)",
        ]
        #expect(try facts([old, young, loser]) == expected)

        // Where a rule stands is no part of the fact.
        var edited = young
        edited.spec.rules.reverse()
        edited.metadata.annotations["note"] = "new"
        #expect(try facts([old, edited, loser]) == expected)
    }

    @Test("what is refused names its field; a Service that is missing is named once for all paths")
    func refusals() throws {
        #expect(
            try facts([ingress("bad", age: 0, ["a_b", "ok.example.com"])]) == [
                "bad Synced: serving ok.example.com",
                #"bad InvalidRule: spec.rules[0].host "a_b": expected only letters, digits, '-' and '.' (RFC 1123)"#,
            ])
        #expect(
            try facts([ingress("lost", age: 0, ["a.example.com", ""], service: "none")]) == [
                "lost Synced: serving a.example.com, every host that nobody names",
                #"lost ServiceNotFound: service.name "none": no such Service in namespace shop; "#
                    + "requests get 503 until it exists",
            ])
    }

    @Test("whom nginx refuses is told its words, and not that all is well")
    func quarantined() throws {
        let ingresses = [ingress("bad", age: 1, ["a.example.com"]), ingress("good", age: 0, ["b.example.com"])]
        let words = "[emerg] invalid number of arguments"
        #expect(
            try facts(ingresses, quarantined: [OwnerRef(kind: .ingress, namespace: "shop", name: "bad"): words]) == [
                "bad Quarantined: nginx refuses what it asks for: \(words); its hosts are served as they last were, or "
                    + "answer 503",
                "good Synced: serving b.example.com",
            ])
    }

    private func certificate() throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 0, notAfter: 86400,
            source: "vault:secret/ssl/a", version: 1)
    }

    @Test(
        "its certificates: what is wrong and what follows; an outage of Vault only where there is none to serve",
        arguments: [
            (.ready, nil),
            (.pending(nil), nil),
            (
                .refused(SecretProblem(.missing, "no certificate at x")),
                "CertificateMissing: a.example.com: no certificate at x; handshakes for it are refused"
            ),
            (
                .refused(SecretProblem(.invalid, "x: the key is empty")),
                "CertificateInvalid: a.example.com: x: the key is empty; handshakes for it are refused"
            ),
            (
                .stale(since: .now, SecretProblem(.missing, "no certificate at x")),
                "CertificateMissing: a.example.com: no certificate at x; the last good one, valid until "
                    + "1970-01-02T00:00:00Z, goes on being served"
            ),
            (.stale(since: .now, SecretProblem(.unavailable, "connection refused")), nil),
            (
                .pending(SecretProblem(.unavailable, "connection refused by 192.0.2.1")),
                "CertificateUnavailable: a.example.com: Vault cannot be asked for its certificate, or refuses to give it; "
                    + "handshakes for it are refused"
            ),
        ] as [(SecretState, String?)])
    func certificates(state: SecretState, expected: String?) throws {
        var isServed = state == .ready
        if case .stale = state { isServed = true }
        let report = CertificateReport(
            request: CertificateRequest(
                subject: .host(try Host("a.example.com")),
                owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"), paths: []),
            state: state, kept: isServed ? try certificate() : nil)
        let unknown = CertificateReport(
            request: CertificateRequest(subject: .unknownNames, owner: nil, paths: []),
            state: .refused(SecretProblem(.missing, "no default")), kept: nil)
        let told = try facts([ingress("web", age: 0, ["a.example.com"])], [report, unknown])
        #expect(told == ["web Synced: serving a.example.com"] + [expected].compactMap { $0 }.map { "web \($0)" })
    }

    @Test("a message has at most 1024 bytes, whatever the Ingress says")
    func length() throws {
        let hosts = (100..<500).map { "host-\($0).a-rather-long-domain.example.com" }
        let told = try #require(try facts([ingress("many", age: 0, hosts)]).first)
        #expect(told.hasPrefix("many Synced: serving host-100.a-rather-long-domain.example.com, host-101."))
        let more = try #require(told.wholeMatch(of: #/.* and (\d+) more/#)?.1)
        #expect(told.count { $0 == "," } + 1 + (Int(more) ?? 0) == hosts.count)
        let owner = OwnerRef(kind: .ingress, namespace: "", name: "x")
        let fact = Condition(owner, uid: "", .invalidRule, String(repeating: "äö", count: 1000))
        #expect((1000...1024).contains(fact.message.utf8.count))
        #expect(fact.message.hasSuffix("…"))
        let short = Condition(owner, uid: "", .invalidRule, String(repeating: "a", count: 1024))
        #expect(short.message.utf8.count == 1024)
    }
}
