import Basics
import Certificates
import Foundation
import HTTPClient
import Kubernetes
import KubernetesAPI
import Nginx
import NginxConfig
import Routing
import TestBed
import Testing
import Vault

@testable import Controller

@Suite("Reading certificates")
struct CertificateReaderTests {
    private static let authority = Shared { try await CertificateAuthority(folder: TemporaryFolder.make("ca")) }
    private static let own = "secret/data/ssl/a.example.com"
    private static let parent = "secret/data/ssl/*.example.com"

    private let request: CertificateRequest

    init() throws {
        request = CertificateRequest(
            subject: .host(try Host("a.example.com")), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"),
            candidates: [.vault("secret/ssl/a.example.com"), .vault("secret/ssl/*.example.com")])
    }

    private func fields(
        _ name: String, also names: [String] = [], newKey: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    ) async throws -> [String: String] {
        let pair = try await Self.authority.get().issue(name, names: ["DNS:\(name)"] + names, newKey: newKey)
        return [
            "crt": try String(contentsOf: pair.certificate, encoding: .utf8),
            "key": try String(contentsOf: pair.key, encoding: .utf8),
        ]
    }

    private func read(
        _ vault: ScriptedVault, pki: PKIRole? = nil, known: ServedCertificate? = nil, now: Date = Date()
    ) async throws -> ReadAnswer {
        var configuration = VaultConfiguration()
        configuration.maximumRetries = 0
        let client = try VaultClient(
            configuration: configuration, login: .token(Secret("scripted")), transport: vault, logger: .quiet)
        var request = request
        if let pki { request.candidates.append(.pki(pki)) }
        var providers: [any CertificateProvider] = [
            VaultProvider(vault: client, template: try CertificatePathTemplate("secret/ssl/{host}"))
        ]
        if let pki { providers.append(PKIProvider(vault: client, role: pki)) }
        return await CertificateReader(providers: providers).read(request, known: known, now: now)
    }

    private func known(
        _ source: CertificateSource, version: Int?, from: Date, to: Date, digit: Character = "a"
    ) throws -> ServedCertificate {
        ServedCertificate(
            address: try ContentAddress(String(repeating: digit, count: 64)),
            notBefore: Int(from.timeIntervalSince1970), notAfter: Int(to.timeIntervalSince1970), source: source,
            version: version.map { KVVersion(number: $0, created: "t") })
    }

    @Test(
        "the certificate of the host takes precedence over the wildcard of its parent domain, which is tried if the host has none"
    )
    func order() async throws {
        let vault = ScriptedVault([Self.parent: try .secret(try await fields("*.example.com"), version: 7)])
        let wildcard = try #require(try await read(vault).found)
        #expect(wildcard.source == .vault("secret/ssl/*.example.com"))
        #expect(wildcard.version?.number == 7)
        vault.set(Self.own, try .secret(try await fields("a.example.com"), version: 3))
        let answer = try await read(vault)
        #expect(answer.content?.first.leaf.names == ["a.example.com"])
        let own = try #require(answer.found)
        #expect(own.source == .vault("secret/ssl/a.example.com"))
        #expect(own.version?.number == 3)

    }

    @Test("the wildcard below the host serves it if it covers it and no other path has a certificate")
    func below() async throws {
        let request = CertificateRequest(
            subject: request.subject, owner: request.owner,
            candidates: request.candidates + [.vault("secret/ssl/*.a.example.com")])
        let below = "secret/data/ssl/*.a.example.com"
        let covering = try await fields("*.a.example.com", also: ["DNS:a.example.com"])
        let vault = ScriptedVault([below: try .secret(covering)])
        func answer() async throws -> ReadAnswer {
            try await CertificateReaderTests(request).read(vault)
        }
        #expect(try await answer().found?.source == .vault("secret/ssl/*.a.example.com"))
        vault.set(Self.parent, try .secret(try await fields("*.example.com")))
        #expect(try await answer().found?.source == .vault("secret/ssl/*.example.com"))
        vault.set(Self.parent, .status(404, #"{"errors":[]}"#))
        vault.set(below, try .secret(try await fields("*.a.example.com")))
        let places = "secret/ssl/a.example.com or secret/ssl/*.example.com or secret/ssl/*.a.example.com"
        guard case .problem(let other) = try await answer() else {
            Issue.record("a certificate for other names is served")
            return
        }
        #expect(other.kind == .missing)
        #expect(
            other.text == "no certificate at \(places), that at secret/ssl/*.a.example.com is for other names")
        // A policy for the documented paths of one host.
        vault.set(below, .status(403, #"{"errors":["permission denied"]}"#))
        guard case .problem(let denied) = try await answer() else {
            Issue.record("a denied certificate is served")
            return
        }
        #expect(denied == SecretProblem(.missing, "no certificate at \(places)"))
        vault.set(below, try .secret(["crt": "x", "key": "y"]))
        guard case .problem(let broken) = try await answer() else {
            Issue.record("a broken certificate is served")
            return
        }
        #expect(broken.kind == .invalid)
    }

    @Test("a certificate for two algorithms is one that needs both files, and is valid as long as both are")
    func pair() async throws {
        let ec = try await fields("a.example.com")
        let rsa = try await fields("a.example.com", newKey: ["rsa:2048"])
        let both = ["crt", "key"].map { (ec[$0] ?? "") + (rsa[$0] ?? "") }
        let vault = ScriptedVault([Self.own: try .secret(["crt": both[0], "key": both[1]])])
        let answer = try await read(vault)
        let found = try #require(answer.found)
        #expect(found.addresses.count == 2)
        #expect(answer.content?.all.map(\.algorithm) == ["RSA", "EC"])
        #expect(answer.content?.all.map(\.sha256) == found.addresses.map(\.text))
        #expect(found.remarks.map(\.kind) == [.chain, .chain])
        let kind = CertificateKind(
            folder: CertificateFolder(state: StateDirectory(try AbsolutePath(try TemporaryFolder.make("state").path))),
            providers: [], defaultSource: nil)
        #expect(!kind.isOnDisk(found))
    }

    @Test("an invalid certificate of the host is reported; the wildcard does not replace it")
    func brokenOwn() async throws {
        let vault = ScriptedVault([
            Self.own: try .secret(["crt": "x", "key": "y"]),
            Self.parent: try .secret(try await fields("*.example.com")),
        ])
        guard case .problem(let problem) = try await read(vault) else {
            Issue.record("the certificate is served")
            return
        }
        #expect(problem.kind == .invalid)
        #expect(problem.text.hasPrefix("secret/ssl/a.example.com: "))
    }

    @Test(
        "an answer without a certificate is a missing or invalid one; no answer is an outage",
        arguments: [
            (.status(404, #"{"errors":[]}"#), .missing, "no certificate at secret/ssl/a.example.com or secret/ssl/*"),
            (.status(403, #"{"errors":["permission denied"]}"#), .unavailable, "permission denied (403)"),
            (.status(429, "{}"), .unavailable, "too many requests (429)"),
            (
                .status(500, #"{"errors":["internal error"]}"#), .unavailable,
                "Vault returned an error (500): internal error"
            ),
            (.status(502, "<html>"), .unavailable, "Vault returned an error (502)"),
            (.status(503, #"{"errors":["Vault is sealed"]}"#), .unavailable, "sealed"),
            (
                .status(500, #"{"errors":["local node not active but active cluster node not found"]}"#), .unavailable,
                "standby"
            ),
            (.status(200, "<html>garbage"), .unavailable, "expected JSON, found 13 other bytes"),
            (.status(200, #"{"data":{"metadata":{"version":1}}}"#), .missing, "no certificate at"),
            (.status(200, #"{"data":{"data":{},"metadata":{"version":1}}}"#), .invalid, "crt and key, found none"),
            (
                .status(200, #"{"data":{"data":{"crt":1,"key":[]},"metadata":{"version":1}}}"#), .invalid,
                "crt and key, found"
            ),
            (.error(.couldNotConnect), .unavailable, "Vault is unreachable"),
            (.error(.timedOut), .unavailable, "Vault is unreachable"),
        ] as [(ScriptedVault.Answer, SecretProblem.Kind, String)])
    func problems(answer: ScriptedVault.Answer, kind: SecretProblem.Kind, text: String) async throws {
        guard case .problem(let problem) = try await read(ScriptedVault([Self.own: answer])) else {
            Issue.record("the answer is not a problem")
            return
        }
        #expect(problem.kind == kind)
        #expect(problem.text.contains(text), "\(problem.text)")
    }

    @Test("a current version is not read again; a newer version and an expired certificate are")
    func versions() async throws {
        let now = Date()
        let known = try known(.vault("secret/ssl/a.example.com"), version: 3, from: now - 60, to: now + 60)
        let vault = ScriptedVault([
            "secret/metadata/ssl/a.example.com": .metadata(version: 3),
            Self.own: try .secret(try await fields("a.example.com"), version: 3),
        ])
        guard case .unchanged = try await read(vault, known: known) else {
            Issue.record("the answer is not unchanged")
            return
        }
        #expect(vault.asked == ["secret/metadata/ssl/a.example.com"])
        guard case .found = try await read(vault, known: known, now: now + 61) else {
            Issue.record("an expired certificate is not read again")
            return
        }
        vault.set("secret/metadata/ssl/a.example.com", .metadata(version: 4))
        guard case .found = try await read(vault, known: known) else {
            Issue.record("a newer version is not read")
            return
        }
    }

    @Test("a certificate that is added for the host replaces the wildcard, whose version is still current")
    func ownAfterWildcard() async throws {
        let now = Date()
        let vault = ScriptedVault([
            "secret/metadata/ssl/*.example.com": .metadata(version: 3),
            Self.own: try .secret(try await fields("a.example.com")),
        ])
        let known = try known(.vault("secret/ssl/*.example.com"), version: 3, from: now - 60, to: now + 60)
        #expect(try await read(vault, known: known).found?.source == .vault("secret/ssl/a.example.com"))
    }

    @Test(
        "the PKI engine issues a certificate if Vault has none, and renews it after two thirds of its lifetime or earlier"
    )
    func pki() async throws {
        let pair = try await fields("a.example.com")
        let issued: JSON = [
            "data": [
                "certificate": .string(pair["crt"] ?? ""), "private_key": .string(pair["key"] ?? ""),
                "expiration": 2_000_000_000,
            ]
        ]
        let vault = ScriptedVault(["pki/issue/web": .status(200, String(decoding: try issued.bytes, as: UTF8.self))])
        let pki = try PKIRole("pki/web")
        let first = try #require(try await read(vault, pki: pki).found)
        #expect(first.source == .pki(pki))
        #expect(first.version == nil)
        let start = Date()
        // The first digits of the address decide how much earlier.
        for (digit, seconds, isRenewed) in [
            ("0", 1.0, false), ("0", 599, false), ("0", 601, true), ("f", 539, false), ("f", 541, true),
        ] as [(Character, Double, Bool)] {
            let known = try known(.pki(pki), version: nil, from: start, to: start + 900, digit: digit)
            let answer = try await read(vault, pki: pki, known: known, now: start + seconds)
            if case .unchanged = answer { #expect(!isRenewed, "\(digit)") } else { #expect(isRenewed, "\(digit)") }
        }
    }

    @Test(
        "the validity of a certificate is checked at the time of the read",
        arguments: [(-3600.0, "not yet valid"), (90_000, "expired at")])
    func time(seconds: Double, rule: String) async throws {
        let vault = ScriptedVault([Self.own: try .secret(try await fields("a.example.com"))])
        let answer = try await read(vault, now: Date() + seconds)
        let problem = try #require(answer.problem)
        #expect((answer.found != nil) == (seconds > 0), "an expired certificate is used if there is no better one")
        #expect(problem.kind == .invalid)
        #expect(problem.text.contains(rule), "\(problem.text)")
    }

    @Test("a request without candidates is answered with a problem")
    func noPath() async throws {
        let nameless = try CertificateReaderTests(candidates: [])
        guard case .problem(let problem) = try await nameless.read(ScriptedVault()) else {
            Issue.record("the answer is not a problem")
            return
        }
        #expect(problem.kind == .missing)
    }

    private init(_ request: CertificateRequest) {
        self.request = request
    }

    private init(candidates: [CertificateSource]) throws {
        request = CertificateRequest(
            subject: .host(try Host("a.example.com")), owner: OwnerRef(kind: .ingress, namespace: "..", name: "web"),
            candidates: candidates)
    }
}

/// The answer to one request alone.
enum ReadAnswer {
    case unchanged
    case found(ServedCertificate, CertificateBundles)
    case flawed(ServedCertificate, CertificateBundles, SecretProblem)
    case problem(SecretProblem)

    var found: ServedCertificate? {
        switch self {
        case .found(let stored, _), .flawed(let stored, _, _): stored
        case .unchanged, .problem: nil
        }
    }
    var content: CertificateBundles? { if case .found(_, let content) = self { content } else { nil } }
    var problem: SecretProblem? {
        switch self {
        case .problem(let problem), .flawed(_, _, let problem): problem
        case .unchanged, .found: nil
        }
    }
}

extension CertificateReader {
    /// Reads the sources of one request in order, as the registry does.
    func read(_ request: CertificateRequest, known: ServedCertificate?, now: Date) async -> ReadAnswer {
        for source in request.sources {
            let stored = known.flatMap { request.source(of: $0) == source ? KnownSecret(stored: $0) : nil }
            switch await read(source, known: stored, now: now) {
            case .absent: continue
            case .unchanged: return .unchanged
            case .problem(let problem): return .problem(request.problem(problem, of: source))
            case .found(let content, _):
                switch check(content, for: request, now: now) {
                case .found(let stored, let bundle): return .found(stored, bundle)
                case .flawed(let stored, let bundle, let problem): return .flawed(stored, bundle, problem)
                case .problem(let problem): return .problem(problem)
                }
            }
        }
        return .problem(request.missing)
    }
}

extension SourceAnswer {
    var content: Content? { if case .found(let content, _) = self { content } else { nil } }
}
