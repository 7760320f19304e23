internal import COpenSSL
import Glibc

import struct Foundation.Date

/// An OpenSSL certificate.
final class X509Certificate {
    let handle: OpaquePointer

    /// - Parameter der: a certificate; data after it is ignored.
    init(der: UnsafeRawBufferPointer) throws(CertificateError) {
        var start = der.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let handle = d2i_X509(nil, &start, der.count) else {
            let cause = OpenSSLErrors.drain()
            if let kind = DERKind(der), kind != .certificate, kind != .unknown {
                throw .malformed(.certificate, detail: "a CERTIFICATE block contains \(kind.rawValue)")
            }
            throw .malformed(.certificate, detail: cause ?? "a certificate cannot be decoded")
        }
        self.handle = handle
    }

    deinit {
        X509_free(handle)
    }

    /// RFC 2253 notation, cut after 200 characters because messages contain it.
    var subject: String {
        guard let text = try? MemoryBIO() else { return "?" }
        vi_print_subject(text.handle, handle)
        let subject = String(decoding: text.contents.prefix(200), as: UTF8.self)
        return subject.isEmpty ? "a certificate without subject" : subject
    }

    /// Likewise.
    var issuer: String {
        guard let text = try? MemoryBIO() else { return "?" }
        vi_print_issuer(text.handle, handle)
        return String(decoding: text.contents.prefix(200), as: UTF8.self)
    }

    /// Lowercase hexadecimal.
    var serial: String {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle), nil) else { return "" }
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return "" }
        defer { CRYPTO_free(text, #file, #line) }
        return String(cString: text).lowercased()
    }

    /// Lowercase and sorted. A name with characters that no host has (such as NUL) covers no host and is omitted.
    var dnsNames: [String] {
        guard let names = vi_subject_alt_names(handle) else {
            ERR_clear_error()
            return []
        }
        defer { GENERAL_NAMES_free(names) }
        var found: Set<String> = []
        for index in 0..<vi_general_names_count(names) {
            var length: Int32 = 0
            guard let start = vi_dns_name(names, index, &length) else { continue }
            let bytes = UnsafeBufferPointer(start: start, count: Int(length))
            guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
            found.insert(String(decoding: bytes, as: UTF8.self).lowercased())
        }
        return found.sorted()
    }

    /// Both ends are part of the validity period (RFC 5280 §4.1.2.5).
    func validity() throws(CertificateError) -> (notBefore: Date, notAfter: Date) {
        (try Self.date(X509_get0_notBefore(handle)), try Self.date(X509_get0_notAfter(handle)))
    }

    private static func date(_ time: UnsafePointer<ASN1_TIME>?) throws(CertificateError) -> Date {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else {
            throw .malformed(.certificate, detail: OpenSSLErrors.drain() ?? "a validity date cannot be parsed")
        }
        return Date(timeIntervalSince1970: Double(timegm(&parts)))
    }

    func fingerprint() throws(CertificateError) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(handle, EVP_sha256(), &digest, &length) == 1 else {
            throw .openSSL(OpenSSLErrors.drain() ?? "X509_digest")
        }
        return Hex.text(digest.prefix(Int(length)))
    }

    /// True if both have the same DER bytes.
    func isSame(as other: X509Certificate) -> Bool {
        X509_cmp(handle, other.handle) == 0
    }

    var isSelfIssued: Bool {
        X509_NAME_cmp(X509_get_subject_name(handle), X509_get_issuer_name(handle)) == 0
    }

    /// True if `issuer` signed this certificate. Names and key identifiers are compared first, which is cheap.
    func isSigned(by issuer: X509Certificate) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_issued(issuer.handle, handle) == X509_V_OK
            && X509_verify(handle, X509_get0_pubkey(issuer.handle)) == 1
    }
}
