import Basics
import Foundation
import NginxConfig
import Routing

@testable import Controller

/// A registry of certificates with a Vault and a clock that exist only in this test.
struct RegistryBed {
    typealias Registry = SecretRegistry<CertificateRequest>

    enum Answer {
        case certificate(ServedCertificate)
        case expired(ServedCertificate)
        case problem(SecretProblem)
    }

    /// By path; no secret exists at the others.
    var vault: [String: Answer] = [:]
    var registry: Registry
    private(set) var now = ContinuousClock.now
    var date = Date(timeIntervalSince1970: 1_000_000)
    /// The paths that were read, in order.
    private(set) var asked: [String] = []
    var interval = Duration.seconds(60)
    /// True for certificates of earlier generations that are intact.
    var isIntact = true
    private(set) var changes: [Registry.Change] = [] {
        didSet { reported += changes.count }
    }
    /// The number of all changes so far.
    private(set) var reported = 0

    init(previous: [CertificateSubject: ServedCertificate] = [:]) {
        registry = Registry(previous: previous)
    }

    static let outage = SecretProblem(.unavailable, "Vault does not answer", isAnswer: false)
    static let denied = SecretProblem(.unavailable, "permission denied (403)")

    static func request(
        _ name: String, paths: [String]? = nil, owner: String = "web"
    ) throws -> CertificateRequest {
        CertificateRequest(
            subject: .host(try Host(name)), owner: OwnerRef(kind: .ingress, namespace: "shop", name: owner),
            candidates: (paths ?? ["secret/ssl/\(name)"]).map(CertificateSource.vault))
    }

    static func certificate(
        _ digit: Character, path: String, version: Int? = 1, expiry: Int = 2_000_000
    ) throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 0, notAfter: expiry,
            source: .vault(path), version: version.map { KVVersion(number: $0, created: "t") })
    }

    private var moment: Registry.Moment {
        Registry.Moment(date: date, instant: now) { [date] in CertificateKind.expiry(of: $0, now: date) }
    }

    mutating func want(_ requests: [CertificateRequest], changed: [String] = []) {
        changes = registry.want(
            requests, changed: Set(changed.map { OwnerRef(kind: .ingress, namespace: "shop", name: $0) }), now: moment
        ) { [isIntact] _, _ in isIntact }
    }

    /// Lets the time pass, and answers the reads that become due.
    ///
    /// - Returns: the paths that were read, sorted.
    @discardableResult
    mutating func pass(_ duration: Duration) -> [String] {
        let (first, end) = (asked.count, now + duration)
        while let due = registry.nextDue(pause: .zero), due <= end {
            let step = max(due, now)
            date += now.duration(to: step) / .seconds(1)
            now = step
            for read in registry.takeDue(now: now, mayRead: { true }) { answer(read) }
        }
        date += now.duration(to: end) / .seconds(1)
        now = end
        return asked.dropFirst(first).sorted()
    }

    mutating func answer(_ read: Registry.Read) {
        guard case .vault(let path) = read.source.source else { return }
        var read = read
        // As the store does.
        if let known = read.known?.stored, CertificateKind.expiry(of: known, now: date) != nil { read.known = nil }
        asked.append(path)
        let waits = Registry.Waits(interval: interval, random: 1) { _ in nil }
        switch vault[path] {
        case nil: changes = registry.record(.absent, of: read, now: moment, waits: waits)
        case .problem(let problem)?:
            changes = registry.record(.problem(problem), of: read, now: moment, waits: waits)
        case .certificate(let certificate)?
        where read.known?.stored.version == certificate.version
            && certificate.version != nil:
            changes = registry.record(.unchanged, of: read, now: moment, waits: waits)
        case .certificate(let certificate)?:
            changes = registry.record(
                .found(fingerprint: certificate.address.text), of: read, now: moment, waits: waits
            ) { _, _ in .stored(certificate) }
        case .expired(let certificate)?:
            let problem = SecretProblem(.invalid, "the certificate expired", isOfSecretInUse: true)
            changes = registry.record(
                .found(fingerprint: certificate.address.text), of: read, now: moment, waits: waits
            ) { [date] _, inUse in
                if let inUse, CertificateKind.expiry(of: inUse, now: date) == nil { return .problem(problem) }
                return .flawed(certificate, problem)
            }
        }
    }

    func state(_ name: String) throws -> SecretState? { registry.report(of: .host(try Host(name)))?.state }
    func digit(_ name: String) throws -> Character? {
        registry.report(of: .host(try Host(name)))?.stored?.address.text.first
    }
}
