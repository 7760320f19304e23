import COpenSSL
import Foundation
import Testing

@testable import Certificates

@Suite("Rejected certificates and keys")
struct BundleRejectionTests {
    @Test("an encrypted key is rejected in both of its forms")
    func encryptedKey() throws {
        let chain = try TestChain()
        #expect(rejection(chain.leaf.pem, chain.key.pkcs8(password: "secret")) == .encryptedKey)
        #expect(rejection(chain.leaf.pem, chain.key.traditional(password: "secret")) == .encryptedKey)
    }

    @Test("a key that matches no certificate is rejected; the error lists the subjects")
    func otherKey() throws {
        let chain = try TestChain()
        let error = rejection(chain.leaf.pem + chain.intermediate.pem, try TestKey().pkcs8)
        #expect(error == .keyMismatch(subjects: ["CN=shop.example.com", "CN=Intermediate"]))
        #expect(
            error?.description == "the key does not match any of the certificates: CN=shop.example.com, CN=Intermediate"
        )
        #expect(
            rejection(chain.leaf.pem, try TestKey(.rsa(2048)).pkcs8)
                == .keyMismatch(subjects: ["CN=shop.example.com"]))
    }

    @Test("input that is not PEM is an error that names the part, never a crash")
    func garbage() throws {
        let chain = try TestChain()
        let certificate = chain.leaf.pem
        let key = chain.key.pkcs8
        let mebibyte = [UInt8](repeating: 0x41, count: 1 << 20)
        #expect(rejection([], key) == .empty(.certificate))
        #expect(rejection(certificate, []) == .empty(.key))
        #expect(rejection([0x20, 0x0A], key) == .empty(.certificate))
        #expect(rejection(mebibyte, key) == .tooLarge(.certificate, bytes: 1 << 20, limit: 256 * 1024))
        #expect(rejection(certificate, mebibyte) == .tooLarge(.key, bytes: 1 << 20, limit: 32 * 1024))
        #expect(
            rejection(certificate + [0], key)
                == .malformed(.certificate, detail: "a NUL byte at offset \(certificate.count)"))
        #expect(rejection(certificate, [0] + key) == .malformed(.key, detail: "a NUL byte at offset 0"))
        #expect(
            rejection(Array("hello".utf8), key)
                == .malformed(.certificate, detail: "it contains no CERTIFICATE block"))
        #expect(isMalformed(rejection(certificate, Array("hello".utf8)), .key))
        #expect(isMalformed(rejection(Array(certificate.dropLast(40)), key), .certificate))
        let damaged = String(decoding: certificate, as: UTF8.self).replacingOccurrences(of: "MII", with: "AAA")
        #expect(rejection(Array(damaged.utf8), key) != nil)
    }

    @Test("a damaged byte of a valid pair is either harmless or an error")
    func damagedBytes() throws {
        let chain = try TestChain()
        let good = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.pkcs8)
        for position in chain.leaf.pem.indices {
            var damaged = chain.leaf.pem
            damaged[position] ^= 0x15
            if rejection(damaged, chain.key.pkcs8) == nil {
                let bundle = try CertificateBundle.parse(certificatePEM: damaged, keyPEM: chain.key.pkcs8)
                #expect(bundle.key == good.key)
            }
        }
        for position in chain.key.pkcs8.indices {
            var damaged = chain.key.pkcs8
            damaged[position] ^= 0x15
            _ = rejection(chain.leaf.pem, damaged)
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test("more certificates than a chain needs are rejected before any signature is checked")
    func tooMany() throws {
        let chain = try TestChain()
        let input = Array(repeatElement(chain.leaf.pem, count: 21).joined())
        #expect(rejection(input, chain.key.pkcs8) == .tooManyCertificates(found: 21, limit: 20))
    }

    @Test("keys that OpenSSL's level 2 rejects are rejected, in the leaf and in its issuers")
    func weakKeys() throws {
        let small = try TestKey(.rsa(1024))
        let weak = try TestCertificate(key: small)
        #expect(
            rejection(weak.pem, small.pkcs8) == .weakKey(subject: "CN=shop.example.com", algorithm: "RSA", bits: 1024))
        let curve = try TestKey(.curve(NID_X9_62_prime192v1))
        #expect(
            rejection(try TestCertificate(key: curve).pem, curve.pkcs8)
                == .weakKey(subject: "CN=shop.example.com", algorithm: "EC", bits: 192))
        let authority = try TestCertificate(
            .init(name: "Old root", subjectAltName: nil, keyUsage: "keyCertSign", isAuthority: true), key: small)
        let leaf = try TestCertificate(key: TestKey(), issuer: authority)
        #expect(
            rejection(leaf.pem + authority.pem, leaf.key.pkcs8)
                == .weakKey(subject: "CN=Old root", algorithm: "RSA", bits: 1024))
    }

    @Test(
        "a key that is larger than handshakes should cost is rejected with its size; the largest allowed ones are not")
    func largeKeys() throws {
        let large = try TestKey(.rsa(4104))
        let error = rejection(try TestCertificate(key: large).pem, large.pkcs8)
        #expect(error == .keyTooLarge(subject: "CN=shop.example.com", algorithm: "RSA", bits: 4104))
        #expect(error?.description == "the RSA key of CN=shop.example.com has 4104 bits; expected at most 4096")
        for kind in [TestKey.Kind.rsa(4096), .curve(NID_secp521r1)] {
            let key = try TestKey(kind)
            #expect(rejection(try TestCertificate(key: key).pem, key.pkcs8) == nil)
        }
    }

    @Test(
        "a key on a curve that browsers do not support is rejected with the name of the curve",
        arguments: [
            (NID_secp224r1, "secp224r1"), (NID_secp256k1, "secp256k1"), (NID_brainpoolP512r1, "brainpoolP512r1"),
        ])
    func curves(curve: Int32, name: String) throws {
        let key = try TestKey(.curve(curve))
        #expect(
            rejection(try TestCertificate(key: key).pem, key.pkcs8)
                == .unsupportedCurve(subject: "CN=shop.example.com", curve: name))
    }

    @Test("a certificate signed with SHA-1 is rejected unless it is self-signed")
    func weakSignature() throws {
        let rsa = try TestKey(.rsa(2048))
        let authority = try TestCertificate(
            .init(name: "Root", subjectAltName: nil, keyUsage: "keyCertSign", isAuthority: true, digest: EVP_sha1()),
            key: rsa)
        let leaf = try TestCertificate(.init(digest: EVP_sha1()), key: TestKey(), issuer: authority)
        #expect(
            rejection(leaf.pem, leaf.key.pkcs8)
                == .weakSignature(subject: "CN=shop.example.com", algorithm: "RSA-SHA1"))
        let better = try TestCertificate(key: TestKey(), issuer: authority)
        #expect(rejection(better.pem + authority.pem, better.key.pkcs8) == nil)
    }

    @Test("a key that cannot sign is rejected by its type")
    func unsupportedKey() throws {
        let key = try TestKey(.x25519)
        let chain = try TestChain()
        let leaf = try TestCertificate(key: key, issuer: chain.intermediate)
        #expect(rejection(leaf.pem, key.pkcs8) == .unsupportedKey(algorithm: "X25519"))
    }

    @Test(
        "a usage extension has to allow TLS servers; without one they are allowed",
        arguments: [
            (nil, nil, true),
            (nil, "serverAuth", true),
            (nil, "clientAuth,serverAuth", true),
            (nil, "anyExtendedKeyUsage", true),
            (nil, "clientAuth", false),
            (nil, "codeSigning", false),
            ("digitalSignature", "serverAuth", true),
            ("keyEncipherment", nil, true),
            ("keyCertSign", nil, false),
        ] as [(String?, String?, Bool)])
    func usage(keyUsage: String?, extended: String?, allowed: Bool) throws {
        let chain = try TestChain(.init(keyUsage: keyUsage, extendedKeyUsage: extended))
        let error = rejection(chain.leaf.pem, chain.key.pkcs8)
        if allowed {
            #expect(error == nil)
        } else if case .notForServers = error {
        } else {
            Issue.record("\(String(describing: error))")
        }
    }

    private func isMalformed(_ error: CertificateError?, _ part: CertificateError.Part) -> Bool {
        if case .malformed(part, _) = error { true } else { false }
    }
}
