public import Basics
internal import COpenSSL

extension CertificateBundle {
    /// More than any chain a client accepts: OpenSSL stops at 100 KiB of DER (SSL_CTX_set_max_cert_list(3)).
    static let certificateLimit = 256 * 1024
    /// A 16384-bit RSA key needs 13 KiB.
    static let keyLimit = 32 * 1024

    /// Parses a certificate chain and its private key.
    ///
    /// The leaf is the certificate that matches the key, at any position; its issuers follow in order. Duplicates and
    /// certificates outside the chain are dropped with a remark.
    ///
    /// - Parameter pem: `CERTIFICATE` blocks with any text around them, and one unencrypted key as PKCS#1, PKCS#8 or
    ///   SEC 1 (EC).
    /// - Throws: the rule that failed. `check(host:now:)` checks names and dates.
    public static func parse(_ pem: CertificatePEM) throws(CertificateError) -> CertificateBundle {
        // An earlier caller may have left errors in this thread's queue. They must not be reported as the cause here.
        ERR_clear_error()
        let key = try pem.key.withUnsafeBytes { key throws(CertificateError) in try ParsedKey(pem: key) }
        let (certificates, ignored) = try CertificateChain.read(pem.chain)
        let (chain, dropped) = try CertificateChain.inOrder(certificates, key: key)
        try key.checkStrength(subject: chain[0].subject)
        for certificate in chain { try certificate.checkStrength() }
        try chain[0].checkUsage()

        let (notBefore, notAfter) = try chain[0].validity()
        let leaf = Leaf(
            subject: chain[0].subject, serial: chain[0].serial, notBefore: notBefore, notAfter: notAfter,
            names: chain[0].dnsNames, sha256: try chain[0].fingerprint())
        let chainPEM = try CertificateChain.pem(chain)
        let privateKey = try key.normalised()
        let digest = try SHA256()
        chainPEM.withUnsafeBytes { digest.update($0) }
        privateKey.withUnsafeBytes { digest.update($0) }
        return CertificateBundle(
            leaf: leaf, chainPEM: chainPEM, key: privateKey, sha256: digest.hex(), remarks: ignored + dropped)
    }

    /// Checks the text itself before OpenSSL reads it.
    static func checkText(
        _ bytes: UnsafeRawBufferPointer, part: CertificateError.Part, limit: Int
    ) throws(CertificateError) {
        guard bytes.count <= limit else { throw .tooLarge(part, bytes: bytes.count, limit: limit) }
        guard bytes.contains(where: { $0 > 0x20 }) else { throw .empty(part) }
        if let position = bytes.firstIndex(of: 0) {
            throw .malformed(part, detail: "a NUL byte at offset \(position)")
        }
    }
}
