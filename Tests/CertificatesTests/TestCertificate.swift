import Basics
import COpenSSL
import Foundation

@testable import Certificates

/// A certificate for a test. The defaults are those of a valid server certificate.
final class TestCertificate {
    struct Template {
        var name = "shop.example.com"
        /// As in openssl.cnf, x509v3_config(5); nil omits the extension.
        var subjectAltName: String? = "DNS:shop.example.com"
        var keyUsage: String?
        var extendedKeyUsage: String?
        var isAuthority = false
        var notBefore = Instants.start
        var notAfter = Instants.end
        var serial = 0x1A2B
        var digest: OpaquePointer? = EVP_sha256()
    }

    let handle: OpaquePointer
    let key: TestKey

    /// Self-signed unless an issuer is given.
    init(_ template: Template = Template(), key: TestKey, issuer: TestCertificate? = nil) throws {
        guard let handle = X509_new() else { throw TestKey.Failure() }
        self.handle = handle
        self.key = key
        X509_set_version(handle, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(handle), template.serial)
        ASN1_TIME_set(X509_getm_notBefore(handle), Int(template.notBefore.timeIntervalSince1970))
        ASN1_TIME_set(X509_getm_notAfter(handle), Int(template.notAfter.timeIntervalSince1970))
        let subject = X509_get_subject_name(handle)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, template.name, -1, -1, 0)
        X509_set_issuer_name(handle, issuer.map { X509_get_subject_name($0.handle) } ?? subject)
        X509_set_pubkey(handle, key.handle)
        try add(NID_basic_constraints, template.isAuthority ? "critical,CA:TRUE" : "CA:FALSE")
        if let names = template.subjectAltName { try add(NID_subject_alt_name, names) }
        if let usage = template.keyUsage { try add(NID_key_usage, usage) }
        if let usage = template.extendedKeyUsage { try add(NID_ext_key_usage, usage) }
        guard X509_sign(handle, (issuer?.key ?? key).handle, template.digest) > 0 else { throw TestKey.Failure() }
    }

    deinit {
        X509_free(handle)
    }

    private func add(_ nid: Int32, _ value: String) throws {
        guard let part = X509V3_EXT_conf_nid(nil, nil, nid, value) else { throw TestKey.Failure() }
        defer { X509_EXTENSION_free(part) }
        X509_add_ext(handle, part, -1)
    }

    var pem: [UInt8] {
        guard let bio = try? MemoryBIO(), PEM_write_bio_X509(bio.handle, handle) == 1 else { return [] }
        return [UInt8](bio.contents)
    }
}

enum Instants {
    /// 2026-01-01T00:00:00Z
    static let start = Date(timeIntervalSince1970: 1_767_225_600)
    static let end = start + 90 * 86400
    static let between = start + 86400
}

/// A root, an intermediate and a leaf for shop.example.com.
struct TestChain {
    let root: TestCertificate
    let intermediate: TestCertificate
    let leaf: TestCertificate
    let key: TestKey

    init(_ template: TestCertificate.Template = .init(), key: TestKey? = nil) throws {
        let authority = TestCertificate.Template(
            name: "Root", subjectAltName: nil, keyUsage: "keyCertSign", isAuthority: true)
        var below = authority
        below.name = "Intermediate"
        self.key = try key ?? TestKey()
        root = try TestCertificate(authority, key: TestKey())
        intermediate = try TestCertificate(below, key: TestKey(), issuer: root)
        leaf = try TestCertificate(template, key: self.key, issuer: intermediate)
    }
}

extension CertificateBundle {
    static func parse(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(CertificateError) -> CertificateBundle {
        try CertificateBundles.parse(CertificatePEM(chain: certificatePEM, key: Secret(keyPEM))).first
    }
}

/// The texts of the remarks about a pair that is accepted.
func remarks(_ certificate: [UInt8], _ key: [UInt8]) throws -> [String] {
    try CertificateBundles.parse(CertificatePEM(chain: certificate, key: Secret(key))).remarks.map(\.text)
}

/// The error that parsing ends with; nil if it succeeds.
func rejection(_ certificate: [UInt8], _ key: [UInt8]) -> CertificateError? {
    do throws(CertificateError) {
        _ = try CertificateBundle.parse(certificatePEM: certificate, keyPEM: key)
        return nil
    } catch {
        return error
    }
}
