import Basics
import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Sources of certificates")
struct CertificateSourceTests {
    @Test("a source is its text, and the text is the source")
    func text() throws {
        let secret = try ObjectName(ObjectKey(namespace: "shop", name: "web-tls"))
        let table: [(CertificateSource, String)] = [
            (.vault("secret/ssl/*.example.com"), "vault:secret/ssl/*.example.com"),
            (.secret(secret), "secret:shop/web-tls"),
            (.pki(try PKIRole("team/pki/web")), "pki:team/pki/web"),
            (.other(kind: "file", reference: "/etc/ssl/a:b"), "file:/etc/ssl/a:b"),
        ]
        for (source, text) in table {
            #expect("\(source)" == text)
            #expect(try CertificateSource(text) == source)
            #expect(
                String(decoding: try Self.encoder.encode([source]), as: UTF8.self) == "[\"\(text)\"]")
            #expect(try JSONDecoder().decode([CertificateSource].self, from: Data("[\"\(text)\"]".utf8)) == [source])
        }
    }

    @Test(
        "a text without kind or reference, or with a reference that does not fit its kind, is rejected",
        arguments: ["", "vault", "vault:", ":x", "pki:web", "pki:/web", "secret:web", "secret:a/b/c", "secret:A/b"])
    func invalid(text: String) {
        #expect(throws: InvalidValue.self) { try CertificateSource(text) }
    }

    @Test(
        "a certificate is encoded to one form; the number of a version alone, as an earlier build wrote it, is ignored")
    func certificate() throws {
        let address = String(repeating: "a", count: 64)
        let json =
            #"{"address":"\#(address)","kvVersion":{"created":"t","number":3},"notAfter":2,"notBefore":1,"remarks":[],"source":"vault:secret/ssl/a.example.com"}"#
        let certificate = try JSONDecoder().decode(ServedCertificate.self, from: Data(json.utf8))
        #expect(certificate.source == .vault("secret/ssl/a.example.com"))
        #expect(certificate.version == KVVersion(number: 3, created: "t"))
        #expect(String(decoding: try Self.encoder.encode(certificate), as: UTF8.self) == json)
        let earlier = json.replacing(#""kvVersion":{"created":"t","number":3}"#, with: #""version":3"#)
        #expect(try JSONDecoder().decode(ServedCertificate.self, from: Data(earlier.utf8)).version == nil)
    }

    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
