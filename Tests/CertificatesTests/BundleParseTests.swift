import Basics
import COpenSSL
import Foundation
import Testing

@testable import Certificates

@Suite("Parsing a certificate and its key")
struct BundleParseTests {
    @Test("the leaf has the names, dates, serial number and fingerprint of the certificate")
    func leaf() throws {
        let chain = try TestChain(
            .init(subjectAltName: "DNS:b.example.com,DNS:A.example.com,IP:10.0.0.1,DNS:*.example.com,DNS:b.example.com")
        )
        let bundle = try CertificateBundle.parse(
            certificatePEM: chain.leaf.pem + chain.intermediate.pem, keyPEM: chain.key.pkcs8)
        #expect(bundle.leaf.names == ["*.example.com", "a.example.com", "b.example.com"])
        #expect(bundle.leaf.serial == "1a2b")
        #expect(bundle.leaf.subject == "CN=shop.example.com")
        #expect(bundle.leaf.notBefore == Instants.start)
        #expect(bundle.leaf.notAfter == Instants.end)
        #expect(bundle.leaf.sha256.count == 64)
        #expect(bundle.chainPEM == chain.leaf.pem + chain.intermediate.pem)
        #expect(bundle.algorithm == "EC")
        #expect(try remarks(chain.leaf.pem + chain.intermediate.pem, chain.key.pkcs8) == [])
    }

    @Test("PKCS#1, PKCS#8 and SEC 1 keys are parsed, and stored as the same PKCS#8")
    func keyForms() throws {
        for kind in [TestKey.Kind.rsa(2048), .curve(NID_X9_62_prime256v1), .curve(NID_secp384r1)] {
            let chain = try TestChain(key: TestKey(kind))
            let one = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.pkcs8)
            let other = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.traditional)
            #expect(one == other)
            #expect(one.key.withUnsafeBytes { [UInt8]($0) } == chain.key.pkcs8)
        }
        let chain = try TestChain(key: TestKey(.ed25519))
        #expect(rejection(chain.leaf.pem, chain.key.pkcs8) == nil)
    }

    @Test("an EC PARAMETERS block before the key, as openssl ecparam writes it, is skipped")
    func parametersBlock() throws {
        let chain = try TestChain()
        let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
        #expect(rejection(chain.leaf.pem, parameters.utf8 + chain.key.traditional) == nil)
    }

    @Test("a chain in any order is sorted, leaf first, without duplicates and unrelated certificates")
    func order() throws {
        let chain = try TestChain()
        let stranger = try TestCertificate(.init(name: "stranger"), key: TestKey())
        let sorted = chain.leaf.pem + chain.intermediate.pem + chain.root.pem
        let inputs = [
            chain.root.pem + chain.intermediate.pem + chain.leaf.pem,
            chain.intermediate.pem + chain.leaf.pem + chain.root.pem,
            stranger.pem + chain.leaf.pem + chain.leaf.pem + chain.root.pem + chain.intermediate.pem,
        ]
        let good = try CertificateBundle.parse(certificatePEM: sorted, keyPEM: chain.key.pkcs8)
        for input in inputs {
            let bundle = try CertificateBundle.parse(certificatePEM: input, keyPEM: chain.key.pkcs8)
            #expect(bundle.chainPEM == sorted)
            #expect(bundle.sha256 == good.sha256)
            #expect(try remarks(input, chain.key.pkcs8).contains("put the chain in order, leaf first"))
        }
        let last = try remarks(inputs[2], chain.key.pkcs8)
        #expect(last.contains("dropped a duplicate of CN=shop.example.com"))
        #expect(last.contains("left out CN=stranger, which is not part of the chain"))
    }

    @Test("a missing issuer ends the chain")
    func gap() throws {
        let chain = try TestChain()
        let bundle = try CertificateBundle.parse(
            certificatePEM: chain.root.pem + chain.leaf.pem, keyPEM: chain.key.pkcs8)
        #expect(bundle.chainPEM == chain.leaf.pem)
        let remarks = try remarks(chain.root.pem + chain.leaf.pem, chain.key.pkcs8)
        #expect(remarks.contains("left out CN=Root, which is not part of the chain"))
        #expect(
            remarks.contains {
                $0.hasPrefix("the certificate of CN=shop.example.com comes without that of its issuer, ")
            })
    }

    @Test("a certificate with the issuer's name that did not sign the leaf is not part of the chain")
    func falseIssuer() throws {
        let chain = try TestChain()
        let other = try TestChain()
        let bundle = try CertificateBundle.parse(
            certificatePEM: chain.leaf.pem + other.intermediate.pem, keyPEM: chain.key.pkcs8)
        #expect(bundle.chainPEM == chain.leaf.pem)
    }

    @Test("of two certificates with the same key, the one that expires last is served")
    func renewedWithTheSameKey() throws {
        let key = try TestKey()
        let old = try TestCertificate(.init(notAfter: Instants.between, serial: 1), key: key)
        let new = try TestCertificate(.init(serial: 2), key: key)
        for input in [old.pem + new.pem, new.pem + old.pem] {
            #expect(try CertificateBundle.parse(certificatePEM: input, keyPEM: key.pkcs8).leaf.serial == "02")
        }
    }

    @Test("text around the blocks, CRLF and a key between the certificates do not change the content address")
    func normalised() throws {
        let chain = try TestChain()
        let plain = try CertificateBundle.parse(
            certificatePEM: chain.leaf.pem + chain.intermediate.pem, keyPEM: chain.key.pkcs8)
        let noisy =
            "subject=shop\r\n"
            + String(decoding: chain.leaf.pem, as: UTF8.self)
            .replacingOccurrences(of: "\n", with: "\r\n") + "\r\nthe end"
        let input = Array(noisy.utf8) + [0x0A] + chain.key.pkcs8 + chain.intermediate.pem
        let same = try CertificateBundle.parse(certificatePEM: input, keyPEM: chain.key.pkcs8)
        #expect(same.sha256 == plain.sha256)
        #expect(
            try remarks(input, chain.key.pkcs8) == [
                "crt is not plain PEM: CR or CRLF line endings, text around the blocks",
                "ignored a block \"PRIVATE KEY\" in crt",
            ])
    }

    @Test("another key or certificate has another content address")
    func contentAddress() throws {
        let chain = try TestChain()
        let renewed = try TestCertificate(.init(serial: 7), key: chain.key, issuer: chain.intermediate)
        let one = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.pkcs8)
        let two = try CertificateBundle.parse(certificatePEM: renewed.pem, keyPEM: chain.key.pkcs8)
        #expect(one.sha256 != two.sha256)
        #expect(one.leaf.sha256 != two.leaf.sha256)
    }

    @Test("parsing the stored files gives the same bundle")
    func roundTrip() throws {
        let chain = try TestChain(key: TestKey(.rsa(2048)))
        let bundle = try CertificateBundle.parse(
            certificatePEM: chain.leaf.pem + chain.intermediate.pem, keyPEM: chain.key.traditional)
        let again = try CertificateBundles.parse(CertificatePEM(chain: bundle.chainPEM, key: bundle.key))
        #expect(again.all == [bundle])
        #expect(again.remarks == [])
    }

    @Test("no description shows the key")
    func redacted() throws {
        let chain = try TestChain()
        let bundle = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.pkcs8)
        var dumped = ""
        dump(bundle, to: &dumped)
        let secret = String(decoding: chain.key.pkcs8, as: UTF8.self).split(separator: "\n")[1]
        for text in ["\(bundle)", String(reflecting: bundle), dumped] {
            #expect(!text.contains("PRIVATE") && !text.contains(secret))
        }
        #expect("\(bundle.key)" == "<redacted>")
        #expect(String(reflecting: bundle.key) == "<redacted>")
    }
}
