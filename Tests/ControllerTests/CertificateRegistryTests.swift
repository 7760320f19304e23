import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("The ledger of certificates")
struct CertificateRegistryTests {
    private let start = ContinuousClock.now
    private let noon = Date(timeIntervalSince1970: 1_000_000)
    private let missing = SecretProblem(.missing, "none there")
    private let away = SecretProblem(.unavailable, "Vault is away")

    private func request(
        _ name: String, path: String = "secret/ssl/a", owner: String = "web"
    ) throws -> CertificateRequest {
        CertificateRequest(
            subject: .host(try Host(name)), owner: OwnerRef(kind: .ingress, namespace: "shop", name: owner),
            paths: [path])
    }

    private func certificate(_ digit: Character, path: String = "secret/ssl/a") throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 0, notAfter: 1,
            source: "vault:" + path, version: 1)
    }

    @Test("a problem without a good certificate refuses; an absent Vault only leaves it pending")
    func withoutGood() throws {
        var ledger = CertificateRegistry()
        let request = try request("a.example.com")
        ledger.want([request], now: start)
        #expect(!ledger.isAnswered)
        #expect(ledger.record(.problem(away), of: request, now: noon, next: start)?.state == .pending(away))
        #expect(ledger.record(.problem(missing), of: request, now: noon, next: start)?.state == .refused(missing))
        #expect(ledger.isAnswered)
        #expect(ledger.kept.isEmpty)
    }

    @Test("the last good one stays, stale since the first problem, and is ready again when it is confirmed")
    func staleness() throws {
        var ledger = CertificateRegistry()
        let request = try request("a.example.com")
        let good = try certificate("a")
        ledger.want([request], now: start)
        _ = ledger.record(.found(good), of: request, now: noon, next: start)
        _ = ledger.record(.problem(missing), of: request, now: noon, next: start)
        _ = ledger.record(.problem(away), of: request, now: noon + 60, next: start)
        #expect(ledger.reports.map(\.state) == [.stale(since: noon, away)])
        #expect(ledger.kept.values.map(\.address) == [good.address])
        #expect(ledger.record(.unchanged, of: request, now: noon + 90, next: start)?.state == .ready)
    }

    @Test("one report for a change of state, none for a try that brought the same")
    func reports() throws {
        var ledger = CertificateRegistry()
        let request = try request("a.example.com")
        ledger.want([request], now: start)
        #expect(ledger.record(.problem(missing), of: request, now: noon, next: start) != nil)
        #expect(ledger.record(.problem(missing), of: request, now: noon, next: start) == nil)
        #expect(ledger.record(.found(try certificate("a")), of: request, now: noon, next: start) != nil)
        #expect(ledger.record(.found(try certificate("a")), of: request, now: noon, next: start) == nil)
    }

    @Test("a host that is looked up elsewhere begins anew: the last owner's certificate is not the next one's")
    func otherPaths() throws {
        var ledger = CertificateRegistry()
        let mine = try request("a.example.com", path: "secret/mine/a")
        ledger.want([mine], now: start)
        _ = ledger.record(.found(try certificate("a", path: "secret/mine/a")), of: mine, now: noon, next: start)
        let yours = try request("a.example.com", path: "secret/yours/a", owner: "other")
        ledger.want([yours], now: start)
        #expect(ledger.kept.isEmpty)
        #expect(
            ledger.record(.found(try certificate("b")), of: mine, now: noon, next: start) == nil,
            "an answer to the old question is nobody's")
        #expect(ledger.kept.isEmpty)
    }

    @Test("an owner that looks elsewhere is served with what it had, until there is an answer")
    func sameOwner() throws {
        var ledger = CertificateRegistry()
        let last = try request("a.example.com")
        ledger.want([last], now: start)
        _ = ledger.record(.found(try certificate("a")), of: last, now: noon, next: start + .seconds(60))
        let next = CertificateRequest(
            subject: last.subject, owner: last.owner, paths: [],
            secret: try ObjectName(ObjectKey(namespace: "shop", name: "tls-2026")))
        ledger.want([next], now: start)
        #expect(ledger.takeDue(now: start).map(\.request) == [next])
        #expect(ledger.kept.values.map(\.source) == ["vault:secret/ssl/a"])
        #expect(
            ledger.record(.problem(missing), of: next, now: noon, next: start)?.state == .stale(since: noon, missing))
        #expect(ledger.kept.count == 1)
        _ = ledger.record(.found(try certificate("b")), of: next, now: noon, next: start)
        #expect(ledger.kept.values.map(\.address) == [try certificate("b").address])
    }

    @Test("what the last run served is served on, if it came from where it is looked for now")
    func seeds() throws {
        let host = CertificateSubject.host(try Host("a.example.com"))
        var ledger = CertificateRegistry(seeds: [host: try certificate("a")])
        ledger.want([try request("a.example.com")], now: start)
        #expect(ledger.kept.count == 1)
        #expect(ledger.isAnswered)
        var other = CertificateRegistry(seeds: [host: try certificate("a")])
        other.want([try request("a.example.com", path: "secret/yours/a")], now: start)
        #expect(other.kept.isEmpty)
    }

    @Test("a certificate is read when it is due, by one reader at a time")
    func due() throws {
        var ledger = CertificateRegistry()
        let request = try request("a.example.com")
        ledger.want([request], now: start)
        #expect(ledger.takeDue(now: start).map(\.request) == [request])
        #expect(ledger.takeDue(now: start).isEmpty)
        #expect(ledger.nextDue == nil)
        _ = ledger.record(.unchanged, of: request, now: noon, next: start + .seconds(60))
        #expect(ledger.nextDue == start + .seconds(60))
        #expect(ledger.takeDue(now: start + .seconds(59)).isEmpty)
        #expect(ledger.takeDue(now: start + .seconds(60)).count == 1)
    }

    @Test("who does not want a certificate any more is forgotten")
    func unwanted() throws {
        var ledger = CertificateRegistry()
        ledger.want([try request("a.example.com")], now: start)
        ledger.want([], now: start)
        #expect(ledger.reports.isEmpty)
    }
}

@Suite("Where a certificate is looked up")
struct CertificatePathTests {
    private let owner = ObjectKey(namespace: "shop", name: "web")

    @Test(
        "the host's own path comes first, then its parent's wildcard",
        arguments: [
            ("secret/ssl/{host}", "a.example.com", ["secret/ssl/a.example.com", "secret/ssl/*.example.com"]),
            ("secret/ssl/{host}", "*.example.com", ["secret/ssl/*.example.com"]),
            (
                "kv/{namespace}/{ingress}/{host}", "a.example.com",
                ["kv/shop/web/a.example.com", "kv/shop/web/*.example.com"]
            ),
            ("secret/ssl/{host}", "", []),
        ])
    func paths(template: String, host: String, paths: [String]) throws {
        #expect(try CertificatePathTemplate(template).paths(host: Host(host), owner: OwnerRef(ingress: owner)) == paths)
    }

    @Test(
        "a template that is none is refused",
        arguments: ["secret/ssl", "{host}", "secret/{name}/{host}", "a/{host", ""])
    func refused(template: String) {
        #expect(throws: InvalidValue.self) { try CertificatePathTemplate(template) }
    }

    @Test("a name that could lead elsewhere leads nowhere", arguments: ["..", "a/b", "", "a b"])
    func unsafeNames(name: String) throws {
        let template = try CertificatePathTemplate("secret/{namespace}/{host}")
        let host = try Host("a.example.com")
        #expect(template.paths(host: host, owner: OwnerRef(kind: .ingress, namespace: name, name: "web")).isEmpty)
    }
}
