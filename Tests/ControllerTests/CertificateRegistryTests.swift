import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("The registry of certificates")
struct CertificateRegistryTests {
    private typealias Registry = SecretRegistry<CertificateRequest>

    private let start = ContinuousClock.now
    private let noon = Date(timeIntervalSince1970: 1_000_000)
    private let missing = SecretProblem(.missing, "no certificate at x")
    private let outage = SecretProblem(.unavailable, "Vault does not answer", isAnswer: false)
    private let denied = SecretProblem(.unavailable, "permission denied (403)")

    private func request(
        _ name: String, path: String = "secret/ssl/a", owner: String = "web"
    ) throws -> CertificateRequest {
        CertificateRequest(
            subject: .host(try Host(name)), owner: OwnerRef(kind: .ingress, namespace: "shop", name: owner),
            candidates: [.vault(path)])
    }

    private func certificate(_ digit: Character, path: String = "secret/ssl/a") throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 0, notAfter: 1,
            source: .vault(path), version: KVVersion(number: 1, created: "t"))
    }

    @Test("without a good certificate, a problem rejects it; an outage of Vault leaves it pending")
    func withoutGood() throws {
        var registry = Registry()
        let request = try request("a.example.com")
        registry.want([request], now: start)
        #expect(!registry.isAttempted)
        #expect(registry.record(.problem(outage), of: request, now: noon, next: start)?.state == .pending(outage))
        #expect(registry.isAttempted && !registry.isAnswered, "no answer")
        #expect(registry.record(.problem(missing), of: request, now: noon, next: start)?.state == .rejected(missing))
        #expect(registry.isAnswered)
        #expect(registry.files.isEmpty)
    }

    @Test("a denial or a failure of Vault is an answer; only secrets that were wanted at first are waited for")
    func answers() throws {
        var registry = Registry()
        let (a, b) = (try request("a.example.com"), try request("b.example.com"))
        #expect(!registry.isAnswered, "nothing has been wanted")
        registry.want([a, b], now: start)
        _ = registry.record(.problem(denied), of: a, now: noon, next: start)
        #expect(!registry.isAnswered)
        registry.want([a, try request("later.example.com")], now: start)
        #expect(registry.isAnswered, "b is not wanted any more")
        registry.want([a, b], now: start)
        #expect(!registry.isAnswered)
        _ = registry.record(.stored(try certificate("b")), of: b, now: noon, next: start)
        _ = registry.record(.problem(outage), of: a, now: noon, next: start)
        #expect(registry.isAnswered, "an answer counts, whatever follows")
    }

    @Test("the last good certificate stays in use, stale since the first problem, until it is confirmed")
    func staleness() throws {
        var registry = Registry()
        let request = try request("a.example.com")
        let good = try certificate("a")
        registry.want([request], now: start)
        _ = registry.record(.stored(good), of: request, now: noon, next: start)
        _ = registry.record(.problem(missing), of: request, now: noon, next: start)
        _ = registry.record(.problem(outage), of: request, now: noon + 60, next: start)
        #expect(registry.reports.map(\.state) == [.stale(since: noon, outage)])
        #expect(registry.files.values.map(\.address) == [good.address])
        let afterOutage = try #require(registry.takeDue(now: start).first)
        #expect(afterOutage.known == good, "an outage says nothing about the file")
        _ = registry.record(.problem(missing), of: request, now: noon + 80, next: start)
        let afterDenial = try #require(registry.takeDue(now: start).first)
        #expect(afterDenial.known?.address == good.address)
        #expect(afterDenial.known?.version == nil, "no version may confirm a file that the source has denied")
        #expect(registry.record(.unchanged, of: request, now: noon + 90, next: start)?.state == .ready)
    }

    @Test("a change of state is reported once; an attempt with the same result is not")
    func reports() throws {
        var registry = Registry()
        let request = try request("a.example.com")
        registry.want([request], now: start)
        #expect(registry.record(.problem(missing), of: request, now: noon, next: start) != nil)
        #expect(registry.record(.problem(missing), of: request, now: noon, next: start) == nil)
        #expect(registry.record(.stored(try certificate("a")), of: request, now: noon, next: start) != nil)
        #expect(registry.record(.stored(try certificate("a")), of: request, now: noon, next: start) == nil)
    }

    @Test("a new owner with other sources does not inherit the certificate of the last owner")
    func otherPaths() throws {
        var registry = Registry()
        let mine = try request("a.example.com", path: "secret/mine/a")
        registry.want([mine], now: start)
        _ = registry.record(.stored(try certificate("a", path: "secret/mine/a")), of: mine, now: noon, next: start)
        let yours = try request("a.example.com", path: "secret/yours/a", owner: "other")
        registry.want([yours], now: start)
        #expect(registry.files.isEmpty)
        #expect(
            registry.record(.stored(try certificate("b")), of: mine, now: noon, next: start) == nil,
            "an answer to the previous request is dropped")
        #expect(registry.files.isEmpty)
    }

    @Test("an owner that switches to another source keeps its certificate until the new source answers")
    func sameOwner() throws {
        var registry = Registry()
        let last = try request("a.example.com")
        registry.want([last], now: start)
        _ = registry.record(.stored(try certificate("a")), of: last, now: noon, next: start + .seconds(60))
        let next = CertificateRequest(
            subject: last.subject, owner: last.owner,
            candidates: [.secret(try ObjectName(ObjectKey(namespace: "shop", name: "tls-2026")))])
        registry.want([next], now: start)
        #expect(registry.takeDue(now: start).map(\.request) == [next])
        #expect(registry.files.values.map(\.source) == [.vault("secret/ssl/a")])
        #expect(
            registry.record(.problem(missing), of: next, now: noon, next: start)?.state == .stale(since: noon, missing))
        #expect(registry.files.count == 1)
        _ = registry.record(.stored(try certificate("b")), of: next, now: noon, next: start)
        #expect(registry.files.values.map(\.address) == [try certificate("b").address])
    }

    @Test("a certificate of the last run stays in use if it came from one of the candidates")
    func seeds() throws {
        let host = CertificateSubject.host(try Host("a.example.com"))
        var registry = Registry(previous: [host: try certificate("a")])
        registry.want([try request("a.example.com")], now: start)
        #expect(registry.files.count == 1)
        #expect(registry.isAnswered)
        var other = Registry(previous: [host: try certificate("a")])
        other.want([try request("a.example.com", path: "secret/yours/a")], now: start)
        #expect(other.files.isEmpty)
    }

    @Test("a certificate is read when it is due, by one task at a time")
    func due() throws {
        var registry = Registry()
        let request = try request("a.example.com")
        registry.want([request], now: start)
        #expect(registry.takeDue(now: start).map(\.request) == [request])
        #expect(registry.takeDue(now: start).isEmpty)
        #expect(registry.nextDue == nil)
        _ = registry.record(.unchanged, of: request, now: noon, next: start + .seconds(60))
        #expect(registry.nextDue == start + .seconds(60))
        #expect(registry.takeDue(now: start + .seconds(59)).isEmpty)
        #expect(registry.takeDue(now: start + .seconds(60)).count == 1)
    }

    @Test("a certificate that is no longer wanted is forgotten")
    func unwanted() throws {
        var registry = Registry()
        registry.want([try request("a.example.com")], now: start)
        registry.want([], now: start)
        #expect(registry.reports.isEmpty)
    }
}
