internal import Basics
internal import COpenSSL

extension CertificateBundle {
    /// More than any chain a client accepts: OpenSSL stops at 100 KiB of DER (SSL_CTX_set_max_cert_list(3)).
    static let certificateLimit = 256 * 1024
    /// A 16384-bit RSA key needs 13 KiB.
    static let keyLimit = 32 * 1024

    /// - Throws: the rule that the certificate or the key breaks. `check(host:now:)` checks names and dates.
    init(_ chain: CertificateChain) throws(CertificateError) {
        let leaf = chain.leaf
        try chain.key.checkStrength(subject: leaf.subject)
        for certificate in chain.certificates { try certificate.checkStrength() }
        try leaf.checkUsage()

        let (notBefore, notAfter) = try leaf.validity()
        self.leaf = Leaf(
            subject: leaf.subject, serial: leaf.serial, notBefore: notBefore, notAfter: notAfter, names: leaf.dnsNames,
            sha256: try leaf.fingerprint())
        chainPEM = try chain.pem()
        key = try chain.key.normalised()
        algorithm = chain.key.algorithm
        let digest = try SHA256()
        chainPEM.withUnsafeBytes { digest.update($0) }
        key.withUnsafeBytes { digest.update($0) }
        sha256 = digest.hex()
    }
}
