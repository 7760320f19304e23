import Basics
import COpenSSL
import Foundation
import Testing

@testable import Certificates

@Suite("The certificates of a secret")
struct CertificateBundlesTests {
    private func parse(_ fields: [String: [UInt8]]) throws -> CertificateBundles {
        try CertificateBundles.parse(try #require(CertificatePEM(fields: fields.mapValues { Secret($0) })))
    }

    private func warnings(_ bundles: CertificateBundles, _ kind: CertificateRemark.Kind) -> [String] {
        bundles.remarks.filter { $0.kind == kind }.map(\.text)
    }

    private func ec(_ template: TestCertificate.Template = .init(), beside chain: TestChain) throws -> TestCertificate {
        try TestCertificate(template, key: TestKey(), issuer: chain.intermediate)
    }

    @Test(
        "each of the documented names of a field is read",
        arguments: CertificatePEM.certificateNames, CertificatePEM.keyNames)
    func names(certificate: String, key: String) throws {
        let chain = try TestChain()
        for issuer in CertificatePEM.issuerNames {
            let bundles = try parse([
                certificate: chain.leaf.pem, key: chain.key.pkcs8, issuer: chain.intermediate.pem,
                "note": Array("other".utf8),
            ])
            #expect(bundles.first.chainPEM == chain.leaf.pem + chain.intermediate.pem)
            #expect(bundles.remarks == [])
        }
    }

    @Test("the answer of a PKI engine is read: certificate, private_key, ca_chain, issuing_ca without line endings")
    func answerOfPKI() throws {
        let chain = try TestChain()
        let bundles = try parse([
            "certificate": chain.leaf.pem.dropLast(), "private_key": chain.key.traditional.dropLast(),
            "ca_chain": chain.intermediate.pem + chain.root.pem.dropLast(),
            "issuing_ca": chain.intermediate.pem.dropLast(),
        ])
        #expect(bundles.first.chainPEM == chain.leaf.pem + chain.intermediate.pem + chain.root.pem)
        #expect(bundles.remarks == [])
    }

    @Test("a chain that is in two fields is served once")
    func repeated() throws {
        let chain = try TestChain()
        let bundles = try parse([
            "crt": chain.leaf.pem + chain.intermediate.pem, "tls.crt": chain.leaf.pem, "key": chain.key.pkcs8,
            "tls.key": chain.key.traditional, "chain": chain.intermediate.pem,
        ])
        #expect(bundles.all.count == 1)
        #expect(bundles.first.chainPEM == chain.leaf.pem + chain.intermediate.pem)
        #expect(bundles.remarks == [])
    }

    @Test("a key in the field of the certificate is used if there is no other")
    func combined() throws {
        let chain = try TestChain()
        let text = chain.key.pkcs8 + chain.leaf.pem + chain.intermediate.pem
        #expect(try parse(["crt": text]).first.key.withUnsafeBytes { [UInt8]($0) } == chain.key.pkcs8)
        #expect(throws: CertificateError.noKey) { try parse(["crt": chain.leaf.pem]) }
    }

    @Test(
        "ca.crt and issuing_ca may contain the authority of clients: without a warning they are left out of the chain")
    func otherAuthority() throws {
        let (chain, other) = (try TestChain(), try TestChain())
        for field in ["ca.crt", "issuing_ca"] {
            let bundles = try parse([
                "crt": chain.leaf.pem + chain.intermediate.pem, "key": chain.key.pkcs8, field: other.root.pem,
            ])
            #expect(bundles.first.chainPEM == chain.leaf.pem + chain.intermediate.pem)
            #expect(bundles.remarks == [])
        }
    }

    @Test("certificates outside the chain are left out with a warning")
    func foreign() throws {
        let (chain, other) = (try TestChain(), try TestChain())
        let bundles = try parse([
            "crt": chain.leaf.pem + other.intermediate.pem + chain.intermediate.pem, "key": chain.key.pkcs8,
        ])
        #expect(bundles.first.chainPEM == chain.leaf.pem + chain.intermediate.pem)
        #expect(warnings(bundles, .chain) == ["left out CN=Intermediate, which is not part of the chain"])
    }

    @Test("an unreadable field with issuers is a warning, an unreadable field with the leaf an error")
    func unreadableIssuers() throws {
        let chain = try TestChain()
        let bundles = try parse([
            "crt": chain.leaf.pem + chain.intermediate.pem, "key": chain.key.pkcs8, "chain": Array("@chain.pem".utf8),
        ])
        #expect(warnings(bundles, .chain).count == 1)
        #expect(
            warnings(bundles, .chain).first?.hasPrefix("the chain is the name of a file; store its content") == true)
        #expect(throws: CertificateError.self) {
            try parse(["crt": Array("@chain.pem".utf8), "key": chain.key.pkcs8, "chain": chain.intermediate.pem])
        }
    }

    @Test("a leaf without its issuer is a warning; a self-signed one and one with its root are complete")
    func incomplete() throws {
        let chain = try TestChain()
        #expect(
            warnings(try parse(["crt": chain.leaf.pem, "key": chain.key.pkcs8]), .chain) == [
                "the certificate of CN=shop.example.com comes without that of its issuer, CN=Intermediate; append "
                    + "that one (also if it is a root), or clients that do not have it reject the connection"
            ])
        let own = try TestCertificate(key: TestKey())
        #expect(try parse(["crt": own.pem, "key": own.key.pkcs8]).remarks == [])
        let direct = try TestCertificate(key: TestKey(), issuer: chain.root)
        #expect(try parse(["crt": direct.pem, "key": direct.key.pkcs8, "ca.crt": chain.root.pem]).remarks == [])
    }

    @Test("two leaves for keys of two algorithms are both served, RSA first, each with its issuers")
    func pair() throws {
        let chain = try TestChain(key: TestKey(.rsa(2048)))
        let other = try ec(beside: chain)
        for (certificates, keys) in [
            (chain.leaf.pem + chain.intermediate.pem + other.pem, chain.key.pkcs8 + other.key.pkcs8),
            (other.pem + chain.leaf.pem + chain.intermediate.pem, other.key.traditional + chain.key.traditional),
        ] {
            let bundles = try parse(["crt": certificates, "key": keys])
            #expect(bundles.all.map(\.algorithm) == ["RSA", "EC"])
            #expect(bundles.all.map(\.chainPEM) == [chain.leaf.pem, other.pem].map { $0 + chain.intermediate.pem })
            #expect(bundles.remarks == [])
            #expect(Set(bundles.all.map(\.sha256)).count == 2)
        }
        let twoFields = try parse([
            "crt": chain.leaf.pem + chain.intermediate.pem, "key": chain.key.pkcs8, "tls.crt": other.pem,
            "tls.key": other.key.pkcs8,
        ])
        #expect(twoFields.all.map(\.algorithm) == ["RSA", "EC"])
    }

    @Test(
        "of two, the one that is expired, or covers other names, is left out; if both are, the certificate is rejected")
    func unusableHalf() throws {
        let chain = try TestChain(key: TestKey(.rsa(2048)))
        let templates: [(TestCertificate.Template, String)] = [
            (
                .init(notAfter: Instants.between - 1),
                "the one with the EC key: the certificate expired at 2026-01-01T23:59:59Z"
            ),
            (
                .init(subjectAltName: "DNS:b.example.com"),
                "the one with the EC key: the certificate does not cover shop.example.com, only b.example.com"
            ),
        ]
        for (template, expected) in templates {
            let other = try ec(template, beside: chain)
            let all = try parse([
                "crt": chain.leaf.pem + other.pem + chain.intermediate.pem, "key": chain.key.pkcs8 + other.key.pkcs8,
            ])
            let usable = try all.usable(for: "shop.example.com", now: Instants.between)
            #expect(usable.all.map(\.algorithm) == ["RSA"])
            #expect(warnings(usable, .unused) == [expected])
            #expect(usable.notAfter == Instants.end)
            #expect(throws: CertificateError.self) { try all.usable(for: "shop.example.com", now: Instants.end + 1) }
        }
    }

    @Test("a key without a certificate, and the older of two certificates of one algorithm, are not used")
    func unusedKeys() throws {
        let chain = try TestChain()
        let spare = try TestKey(.rsa(2048))
        let bundles = try parse([
            "crt": chain.leaf.pem + chain.intermediate.pem, "key": spare.pkcs8 + chain.key.pkcs8,
        ])
        #expect(bundles.all.map(\.algorithm) == ["EC"])
        #expect(warnings(bundles, .unused) == ["a private key of type RSA matches none of the certificates"])
        let old = try ec(.init(notAfter: Instants.between, serial: 0xAB), beside: chain)
        let two = try parse([
            "crt": old.pem + chain.leaf.pem + chain.intermediate.pem, "key": old.key.pkcs8 + chain.key.pkcs8,
        ])
        #expect(two.all.map(\.leaf.serial) == ["1a2b"])
        #expect(
            warnings(two, .unused) == [
                "of two certificates with EC keys, that of CN=shop.example.com with the serial number ab is not used: it "
                    + "expires first"
            ])
        #expect(throws: CertificateError.keyMismatch(subjects: ["CN=shop.example.com"])) {
            try parse(["crt": chain.leaf.pem, "key": spare.pkcs8 + (try TestKey().pkcs8)])
        }
    }

    @Test("a weak half of two is left out, a weak certificate alone is rejected")
    func weakHalf() throws {
        let chain = try TestChain()
        let small = try TestKey(.rsa(1024))
        let weak = try TestCertificate(key: small, issuer: chain.intermediate)
        let bundles = try parse([
            "crt": chain.leaf.pem + weak.pem + chain.intermediate.pem, "key": chain.key.pkcs8 + small.pkcs8,
        ])
        #expect(bundles.all.map(\.algorithm) == ["EC"])
        #expect(
            warnings(bundles, .unused) == [
                "the RSA key of CN=shop.example.com has 1024 bits; expected at least RSA 2048 or EC 224"
            ])
    }

    @Test("remarks are bounded, in number and in size")
    func bounded() throws {
        let chain = try TestChain()
        let names = (0..<18).map { "\($0)" + String(repeating: "x", count: 60) }
        let others = try names.map { try TestCertificate(.init(name: $0), key: TestKey()).pem }.joined()
        let bundles = try parse(["crt": chain.leaf.pem + others, "key": chain.key.pkcs8])
        #expect(bundles.remarks.count <= 20)
        #expect(CertificateRemark(.note, String(repeating: "x", count: 1000)).text.utf8.count <= 300)
    }
}
