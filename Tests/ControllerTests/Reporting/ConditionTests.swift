import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Testing

@testable import Controller
@testable import Routing

@Suite("Conditions of an Ingress")
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

    private func conditions(
        _ ingresses: [Ingress], _ certificates: [CertificateReport] = [], quarantined: [OwnerRef: String] = [:],
        takeovers: [RecordedTakeover] = []
    ) throws -> [String] {
        let service = Service(metadata: ObjectMeta(name: "web", namespace: "shop"), ports: [.init(port: 80)])
        let snapshot = Snapshot(ingresses: ingresses, services: [service])
        let router = Router(
            options: RoutingOptions(
                ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local")))
        let pass = LivePass(
            snapshot: snapshot, routed: router.route(snapshot), certificates: certificates, quarantined: quarantined,
            takeovers: takeovers)
        let conditions = Condition.list(of: pass)
        #expect(conditions.allSatisfy { $0.uid == "uid-\($0.owner.name)" })
        return conditions.sorted().map { "\($0.owner.name) \($0.reason.rawValue): \($0.message)" }
    }

    @Test("the hosts that it serves, sorted, and the owners of the hosts in conflict")
    func hosts() throws {
        let old = ingress("old", age: 3, ["b.example.com", "a.example.com"])
        let young = ingress("young", age: 1, ["a.example.com", "c.example.com"])
        let loser = ingress("loser", age: 0, ["c.example.com"])
        let conflict = "(created 1970-01-01); remove it from one of the two"
        let expected = [
            "loser HostConflict: host c.example.com is already owned by Ingress shop/young \(conflict)",
            "old Synced: serving a.example.com, b.example.com",
            "young Synced: serving c.example.com",
            "young HostConflict: host a.example.com is already owned by Ingress shop/old \(conflict)",
        ]
        #expect(try conditions([old, young, loser]) == expected)

        // An edit that leaves the condition as it is does not change the message.
        var edited = young
        edited.spec.rules.reverse()
        edited.metadata.annotations["note"] = "new"
        #expect(try conditions([old, edited, loser]) == expected)
    }

    @Test("a rejection names its field; a missing Service is named once for all paths")
    func rejections() throws {
        #expect(
            try conditions([ingress("bad", age: 0, ["a_b", "ok.example.com"])]) == [
                "bad Synced: serving ok.example.com",
                #"bad InvalidRule: rejected spec.rules[0].host "a_b": expected only letters, digits, '-' and '.' (RFC 1123)"#,
            ])
        #expect(
            try conditions([ingress("lost", age: 0, ["a.example.com", ""], service: "none")]) == [
                "lost Synced: serving a.example.com, the catch-all host",
                #"lost ServiceNotFound: service.name "none": no such Service in namespace shop; "#
                    + "requests get 503 until it exists; create it or correct the Ingress",
            ])
    }

    private func takeover(_ host: String, to owner: String, wildcard: String? = nil) throws -> RecordedTakeover {
        RecordedTakeover(
            takeover: HostTakeover(
                host: try Host(host), from: OwnerRef(kind: .ingress, namespace: "shop", name: "before"),
                to: OwnerRef(kind: .ingress, namespace: "shop", name: owner),
                wildcard: try wildcard.map { try Host($0) }),
            time: 1)
    }

    @Test("a takeover is reported on the previous and the new owner, and names the other one and the hosts")
    func takeovers() throws {
        let new = ingress("new", age: 3, ["a.example.com", "b.x.test"])
        let moves = [
            try takeover("a.example.com", to: "new"), try takeover("b.x.test", to: "new", wildcard: "*.x.test"),
        ]
        let hosts = "a.example.com, b.x.test (before: *.x.test)"
        let synced = "new Synced: serving a.example.com, b.x.test"
        let onNew =
            "new HostTakenOver: this Ingress now serves \(hosts) instead of Ingress shop/before; if that is wrong, remove the host"
        #expect(
            try conditions([new, ingress("before", age: 1, [])], takeovers: moves).filter {
                !$0.contains("InvalidRule")
            } == [
                "before HostTakenOver: Ingress shop/new (created 1970-01-01) now serves \(hosts) instead of this Ingress; "
                    + "if that is wrong, ask its owner or the operator of the cluster",
                synced, onNew,
            ])
        #expect(
            try conditions([new], takeovers: moves) == [synced, onNew], "the previous owner does not exist any more")
    }

    @Test("a closed host names the annotation and the remedy; a host that the policy forbids, the namespace")
    func closed() throws {
        var closed = ingress("closed", age: 1, ["a.example.com"])
        closed.metadata.annotations["nginx.ingress.kubernetes.io/whitelist-source-range"] = "10.0.0.0/8"
        #expect(
            try conditions([closed]).first
                == "closed HostClosed: hosts closed: metadata.annotations[nginx.ingress.kubernetes.io/whitelist-source-range] "
                + #""10.0.0.0/8": protects the hosts in another controller and is not honoured by vault-ingress; they answer "#
                + "503 until it is removed: replace it with vault-ingress.io/allow-from, or remove it")
    }

    @Test("a quarantined Ingress has nginx's message, and no condition Synced")
    func quarantined() throws {
        let ingresses = [ingress("bad", age: 1, ["a.example.com"]), ingress("good", age: 0, ["b.example.com"])]
        let error = "[emerg] invalid number of arguments"
        #expect(
            try conditions(ingresses, quarantined: [OwnerRef(kind: .ingress, namespace: "shop", name: "bad"): error])
                == [
                    "bad Quarantined: nginx rejects the configuration of this Ingress: \(error); correct the Ingress",
                    "good Synced: serving b.example.com",
                ])
    }

    private func certificate() throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 0, notAfter: 86400,
            source: .vault("secret/ssl/a"), version: KVVersion(number: 1, created: "t"))
    }

    @Test(
        "a problem of a certificate, its effect and the remedy; an outage of Vault only where no certificate is served",
        arguments: [
            (.ready, nil),
            (.pending(nil), nil),
            (
                .rejected(SecretProblem(.missing, "no certificate at x")),
                "CertificateMissing: host a.example.com: no certificate at x; TLS handshakes are rejected until there is "
                    + "one"
            ),
            (
                .rejected(SecretProblem(.invalid, "x: the key is empty")),
                "CertificateInvalid: host a.example.com: x: the key is empty; TLS handshakes are rejected until you replace "
                    + "the certificate"
            ),
            (
                .stale(since: .now, SecretProblem(.missing, "no certificate at x")),
                "CertificateMissing: host a.example.com: no certificate at x; the last good one, valid until "
                    + "1970-01-02T00:00:00Z, is still served; provide a new one before then"
            ),
            (
                .stale(since: .now, SecretProblem(.invalid, "x: the key is empty")),
                "CertificateInvalid: host a.example.com: x: the key is empty; the last good one, valid until "
                    + "1970-01-02T00:00:00Z, is still served; replace the invalid one before then"
            ),
            (.stale(since: .now, SecretProblem(.unavailable, "connection refused")), nil),
            (
                .pending(SecretProblem(.unavailable, "connection refused by 192.0.2.1")),
                "CertificateUnavailable: host a.example.com: Vault is unavailable or denies access to its certificate; "
                    + "TLS handshakes are rejected until it is read; if this persists, contact the operator of the cluster"
            ),
        ] as [(SecretState, String?)])
    func certificates(state: SecretState, expected: String?) throws {
        var isServed = state == .ready
        if case .stale = state { isServed = true }
        let report = CertificateReport(
            request: CertificateRequest(
                subject: .host(try Host("a.example.com")),
                owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"), candidates: []),
            state: state, stored: isServed ? try certificate() : nil)
        let unknown = CertificateReport(
            request: CertificateRequest(subject: .unknownNames, owner: nil, candidates: []),
            state: .rejected(SecretProblem(.missing, "no default")), stored: nil)
        let found = try conditions([ingress("web", age: 0, ["a.example.com"])], [report, unknown])
        #expect(found == ["web Synced: serving a.example.com"] + [expected].compactMap { $0 }.map { "web \($0)" })
    }

    @Test(
        "a certificate that is served with a remark is a condition of its own, unless another one waits to be corrected",
        arguments: [
            (.ready, true), (.stale(since: .now, SecretProblem(.unavailable, "connection refused")), true),
            (.stale(since: .now, SecretProblem(.missing, "no certificate at x")), false),
        ] as [(SecretState, Bool)])
    func remarks(state: SecretState, isExpected: Bool) throws {
        var certificate = try certificate()
        certificate.remarks = [
            CertificateRemark(.note, "crt is not plain PEM: indentation"), CertificateRemark(.chain, "no issuer"),
            CertificateRemark(.unused, "one is expired"),
        ]
        let owner = OwnerRef(kind: .ingress, namespace: "shop", name: "web")
        let report = CertificateReport(
            request: CertificateRequest(subject: .host(try Host("a.example.com")), owner: owner, candidates: []),
            state: state, stored: certificate)
        let found = try conditions([ingress("web", age: 0, ["a.example.com"])], [report])
        let expected = [
            "web CertificateInvalid: host a.example.com: secret/ssl/a: one is expired; the rest of the secret is served",
            "web CertificateChainIncomplete: host a.example.com: secret/ssl/a: no issuer",
        ]
        #expect(found.filter { expected.contains($0) } == (isExpected ? expected : []))
        #expect(!found.contains { $0.contains("indentation") })
    }

    @Test("a message has at most 1024 bytes, whatever the Ingress contains")
    func length() throws {
        let hosts = (100..<500).map { "host-\($0).a-rather-long-domain.example.com" }
        let synced = try #require(try conditions([ingress("many", age: 0, hosts)]).first)
        #expect(synced.hasPrefix("many Synced: serving host-100.a-rather-long-domain.example.com, host-101."))
        let more = try #require(synced.wholeMatch(of: #/.* and (\d+) more/#)?.1)
        #expect(synced.count { $0 == "," } + 1 + (Int(more) ?? 0) == hosts.count)
        let owner = OwnerRef(kind: .ingress, namespace: "", name: "x")
        let long = Condition(owner, uid: "", .invalidRule, String(repeating: "äö", count: 1000))
        #expect((1000...1024).contains(long.message.utf8.count))
        #expect(long.message.hasSuffix("…"))
        let short = Condition(owner, uid: "", .invalidRule, String(repeating: "a", count: 1024))
        #expect(short.message.utf8.count == 1024)
    }
}
