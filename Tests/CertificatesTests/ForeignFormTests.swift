import Basics
import COpenSSL
import Foundation
import Testing

@testable import Certificates

@Suite("Forms that are not read")
struct ForeignFormTests {
    private let chain: TestChain

    init() throws {
        chain = try TestChain()
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The DER of a PEM text, in base64.
    private func body(_ pem: [UInt8]) -> String { text(pem).split(separator: "\n").dropFirst().dropLast().joined() }

    private func message(certificate: String? = nil, key: String? = nil) throws -> String? {
        return rejection(
            certificate.map { Array($0.utf8) } ?? chain.leaf.pem + chain.intermediate.pem,
            key.map { Array($0.utf8) } ?? chain.key.pkcs8)?.description
    }

    @Test(
        "the message names the form of a key, and how to store it",
        arguments: [
            (
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI shop",
                "the key is a public key of OpenSSH; store the private key as PEM"
            ),
            ("PuTTY-User-Key-File-3: ssh-rsa\n", "the key is a key of PuTTY; store it as PEM, as puttygen"),
            ("$ANSIBLE_VAULT;1.1;AES256\n3132", "the key is encrypted by Ansible; store the decrypted text"),
            ("ENC[AES256_GCM,data:abc]", "the key is encrypted by SOPS or eyaml; store the decrypted text"),
            ("vault:v1:abcdefghijklmnopqrstuvwxyz", "the key is encrypted by the transit engine of Vault; store"),
            ("/etc/ssl/private/shop.key", "the key is the name of a file; store its content, as in bao kv put"),
            ("@shop.key", "the key is the name of a file; store its content, as in bao kv put"),
            ("{\"kty\":\"EC\"}", "the key is JSON; store each of its members as a field of the secret"),
            ("-----BEGIN%20PRIVATE%20KEY-----%0AMIG", "the key is encoded for a URL; store the decoded PEM"),
            (
                "----BEGIN PRIVATE KEY----\nMIG\n----END PRIVATE KEY----",
                "the key is PEM whose BEGIN lines do not have five dashes"
            ),
            (
                "—–BEGIN PRIVATE KEY—–\nMIG\n—–END PRIVATE KEY—–",
                "the key is PEM whose BEGIN lines do not have five dashes"
            ),
            ("2d2d2d2d2d424547494e2050524956415445204b4559", "the key is hexadecimal; store PEM"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
                "the key is a private key in OpenSSH's own form; store it as PEM, as ssh-keygen -p -m PEM"
            ),
            (
                "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----",
                "the key is a DSA key; store an RSA, EC or Ed25519 key"
            ),
            (
                "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIB\n-----END EC PRIVATE KEY-----",
                "the key is encrypted with a password; store it without one, as openssl pkey"
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIB",
                "the key is not valid PEM: a PRIVATE KEY block has no END line; it is cut off"
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMII*\n-----END PRIVATE KEY-----",
                "the key is not valid PEM: a PRIVATE KEY block has a character that base64 does not have, at offset 4"
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIBa\n-----END PRIVATE KEY-----",
                "the key is not valid PEM: the base64 of a PRIVATE KEY block is not complete"
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END CERTIFICATE-----",
                "the key is not valid PEM: a PRIVATE KEY block ends as CERTIFICATE"
            ),
            ("a secret password that is none of these", "the key is not valid PEM: it contains no private key"),
            (
                "-----BEGIN DH PARAMETERS-----\nMIIB\n-----END DH PARAMETERS-----",
                "the key is not valid PEM: it contains no private key, only DH PARAMETERS"
            ),
        ])
    func keys(value: String, expected: String) throws {
        let found = try #require(try message(key: value))
        #expect(found.hasPrefix(expected), "\(found)")
        for secret in ["abcdefghijklmnop", "MIIB", "AAAAC3", "kty"] { #expect(!found.contains(secret)) }
    }

    @Test("DER in base64 is named by its content, in both fields")
    func der() throws {
        #expect(
            try message(certificate: body(chain.leaf.pem))
                == "the certificate is a certificate in binary form (DER), in base64; store it as PEM, as openssl x509 -inform DER "
                + "-in FILE writes it")
        for key in [chain.key.pkcs8, chain.key.traditional, try TestKey(.rsa(2048)).traditional] {
            #expect(
                try message(key: body(key))
                    == "the key is a private key in binary form (DER), in base64; store it as PEM, as openssl pkey -inform DER -in "
                    + "FILE writes it")
        }
        #expect(
            try message(key: body(chain.key.publicPEM))
                == "the key is a public key in binary form (DER), in base64; store the private key")
        #expect(
            try message(key: body(chain.key.pkcs8(password: "secret")))?.hasPrefix(
                "the key is an encrypted private key in binary form (DER), in base64; ") == true)
        // The beginning of PKCS#12 (RFC 7292): version 3, then a ContentInfo.
        let archive = Data(
            [0x30, 0x16, 0x02, 0x01, 0x03, 0x30, 0x11] + [0x06, 0x0F] + [UInt8](repeating: 1, count: 15))
        let named = "the certificate is PKCS#12 in base64; store its certificates and its key as PEM, as openssl pkcs12"
        #expect(try message(certificate: archive.base64EncodedString())?.hasPrefix(named) == true)
        #expect(
            rejection([UInt8](archive), chain.key.pkcs8)?.description.hasPrefix("the certificate is PKCS#12; ") == true)
    }

    @Test("blocks of another kind are named; beside a certificate or a key they are ignored with a note")
    func blocks() throws {
        func block(_ label: String) -> String { "-----BEGIN \(label)-----\nMIIB\n-----END \(label)-----\n" }
        #expect(
            try message(certificate: block("CERTIFICATE REQUEST"))
                == "the certificate is a certificate request; store the certificate that was issued for it")
        #expect(try message(certificate: block("PKCS7"))?.hasPrefix("the certificate is PKCS#7; ") == true)
        #expect(
            try message(certificate: block("X509 CRL"))
                == "the certificate is a revocation list; store the certificate itself")
        #expect(
            try message(key: text(chain.key.publicPEM)) == "the key is a public key; store the private key")
        #expect(
            try message(key: text(chain.leaf.pem))
                == "the key is a certificate; store the private key that belongs to the certificate")
        #expect(
            rejection(chain.key.pkcs8, chain.leaf.pem)?.description
                == "the certificate is in the field of the key, and the key in that of the certificate; exchange the two"
        )
        let more = Array(block("DH PARAMETERS").utf8)
        #expect(
            try remarks(chain.leaf.pem + more + chain.intermediate.pem, more + chain.key.pkcs8) == [
                "ignored a block \"DH PARAMETERS\" in crt", "ignored a block \"DH PARAMETERS\" in key",
            ])
    }

    @Test("JSON with PEM inside is not read: its members may be anything")
    func json() throws {
        let json = try JSONEncoder().encode(["crt": text(chain.leaf.pem), "key": text(chain.key.pkcs8)])
        #expect(
            try message(certificate: text([UInt8](json)))
                == "the certificate is JSON; store each of its members as a field of the secret")
        #expect(
            try message(key: json.base64EncodedString())
                == "the key is JSON; store each of its members as a field of the secret")
    }

    @Test("a CERTIFICATE block with something else in it is named by its content")
    func content() throws {
        let wrapped = "-----BEGIN CERTIFICATE-----\n\(body(chain.key.pkcs8))\n-----END CERTIFICATE-----\n"
        #expect(
            try message(certificate: wrapped)
                == "the certificate is not valid PEM: a CERTIFICATE block contains a private key")
    }

    @Test("a TRUSTED CERTIFICATE block is read as the certificate in it")
    func trusted() throws {
        guard let bio = try? MemoryBIO(), PEM_write_bio_X509_AUX(bio.handle, chain.leaf.handle) == 1 else {
            Issue.record("OpenSSL cannot write the block")
            return
        }
        let leaf = [UInt8](bio.contents)
        #expect(text(leaf).contains("BEGIN TRUSTED CERTIFICATE"))
        let bundle = try CertificateBundle.parse(
            certificatePEM: leaf + chain.intermediate.pem, keyPEM: chain.key.pkcs8)
        #expect(bundle.chainPEM == chain.leaf.pem + chain.intermediate.pem)
    }
}
