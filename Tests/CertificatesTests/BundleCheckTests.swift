import Foundation
import Testing

@testable import Certificates

@Suite("Checking a certificate for a host and a time")
struct BundleCheckTests {
    private func check(
        _ template: TestCertificate.Template, host: String?, now: Date = Instants.between
    ) throws -> CertificateError? {
        let chain = try TestChain(template)
        let bundle = try CertificateBundle.parse(certificatePEM: chain.leaf.pem, keyPEM: chain.key.pkcs8)
        do throws(CertificateError) {
            try bundle.check(host: host, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("both ends are part of the validity period")
    func validity() throws {
        #expect(try check(.init(), host: "shop.example.com", now: Instants.start) == nil)
        #expect(try check(.init(), host: "shop.example.com", now: Instants.end) == nil)
        let late = try check(.init(), host: "shop.example.com", now: Instants.end + 1)
        #expect(late == .expired(notAfter: Instants.end))
        #expect(late?.description == "the certificate expired at 2026-04-01T00:00:00Z")
        let early = try check(.init(), host: "shop.example.com", now: Instants.start - 1)
        #expect(early == .notYetValid(notBefore: Instants.start))
        #expect(early?.description == "the certificate is not yet valid, only from 2026-01-01T00:00:00Z")
    }

    @Test("a certificate for other names is rejected; the error lists its names")
    func otherName() throws {
        let error = try check(.init(subjectAltName: "DNS:b.example.com,DNS:a.example.com"), host: "shop.example.com")
        #expect(error == .nameNotCovered(host: "shop.example.com", names: ["a.example.com", "b.example.com"]))
        #expect(
            error?.description
                == "the certificate does not cover shop.example.com, only a.example.com, b.example.com")
    }

    @Test("the common name and IP addresses do not count as names")
    func commonName() throws {
        #expect(try check(.init(subjectAltName: nil), host: "shop.example.com") == .noNames)
        #expect(try check(.init(subjectAltName: "IP:10.0.0.1"), host: "10.0.0.1") == .noNames)
    }

    @Test("the default certificate needs no name, but is checked for its dates")
    func noHost() throws {
        #expect(try check(.init(subjectAltName: nil), host: nil) == nil)
        #expect(try check(.init(), host: nil, now: Instants.end + 1) != nil)
    }

    @Test("a long list of names is cut in the message: an Event has at most 1024 bytes")
    func manyNames() throws {
        let names = (0..<200).map { "DNS:host-\($0).example.com" }.joined(separator: ",")
        let error = try check(.init(subjectAltName: names), host: "shop.example.com")
        #expect(error?.description.hasSuffix("and 190 more") == true)
        #expect((error?.description.utf8.count ?? 0) < 1024)
    }
}
