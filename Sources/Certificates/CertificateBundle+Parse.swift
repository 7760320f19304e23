internal import COpenSSL

extension CertificateBundle {
    /// More than any chain a client accepts: OpenSSL stops at 100 KiB of DER (SSL_CTX_set_max_cert_list(3)).
    static let certificateLimit = 256 * 1024
    /// An RSA key of 16384 bits has 13 KiB.
    static let keyLimit = 32 * 1024

    /// Reads a chain and its key.
    ///
    /// The leaf is the certificate that the key fits, wherever it stands; the issuers follow it in order. Duplicates
    /// and certificates that do not belong to the chain are dropped with a remark.
    ///
    /// - Parameters:
    ///   - certificatePEM: `CERTIFICATE` blocks, with any text around them.
    ///   - keyPEM: one key as PKCS#1, PKCS#8 or SEC 1 (EC), not encrypted.
    /// - Throws: which rule failed, as far as neither host nor time are needed to tell.
    public static func parse(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(CertificateError) -> CertificateBundle {
        try keyPEM.withUnsafeBufferPointer { bytes throws(CertificateError) in
            try parse(certificatePEM: certificatePEM, keyPEM: UnsafeRawBufferPointer(bytes))
        }
    }

    /// As above, for a key that is kept in memory of its own.
    public static func parse(
        certificatePEM: [UInt8], keyPEM: UnsafeRawBufferPointer
    ) throws(CertificateError) -> CertificateBundle {
        // What an earlier caller left in this thread's queue must not be taken for the cause of a failure here.
        ERR_clear_error()
        let key = try ParsedKey(pem: keyPEM)
        let (certificates, ignored) = try CertificateChain.read(certificatePEM)
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

    /// The checks on the text itself, before OpenSSL sees it.
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
