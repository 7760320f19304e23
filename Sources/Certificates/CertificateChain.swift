internal import Basics
internal import COpenSSL

/// A leaf with its key and its issuers, leaf first.
struct CertificateChain {
    let key: ParsedKey
    /// Never empty.
    private(set) var certificates: [X509Certificate]

    var leaf: X509Certificate { certificates[0] }

    /// The leaf is the certificate that matches the key. If several do (renewed with the same key), it is the one that
    /// expires last. Its issuers follow, up to a self-issued one or the end of the input. A root at the end stays: clients
    /// ignore it (RFC 8446 §4.4.2), and it shows that no intermediate is missing.
    ///
    /// - Returns: nil if no certificate matches the key.
    init?(of key: ParsedKey, from input: [X509Certificate]) throws(CertificateError) {
        var rest = input
        guard let leaf = try Self.takeLongest(from: &rest, where: { key.matches($0) }) else { return nil }
        self.key = key
        certificates = [leaf]
        while let last = certificates.last, !last.isSelfIssued,
            let issuer = try Self.takeLongest(from: &rest, where: { last.isSigned(by: $0) })
        {
            certificates.append(issuer)
        }
    }

    func contains(_ certificate: X509Certificate) -> Bool { certificates.contains { $0 === certificate } }

    /// True if the issuer of the leaf is missing. Whether the issuer of an intermediate is a root that clients have, nobody
    /// can tell. A leaf that a root signed looks the same as one whose intermediate is missing; the first is forbidden for
    /// public authorities (CA/Browser Forum Baseline Requirements §6.1.7), so the second is assumed.
    private var isIncomplete: Bool { certificates.count == 1 && !leaf.isSelfIssued }

    /// What clients may reject.
    var remarks: [CertificateRemark] {
        guard isIncomplete else { return [] }
        return [
            CertificateRemark(
                .chain,
                "the certificate of \(leaf.subject.prefix(80)) comes without that of its issuer, \(leaf.issuer.prefix(80)); "
                    + "append that one (also if it is a root), or clients that do not have it reject the connection")
        ]
    }

    private static func takeLongest(
        from rest: inout [X509Certificate], where matches: (X509Certificate) -> Bool
    ) throws(CertificateError) -> X509Certificate? {
        var best: Int?
        for index in rest.indices where matches(rest[index]) {
            if let current = best, try rest[current].validity().notAfter >= rest[index].validity().notAfter { continue }
            best = index
        }
        return best.map { rest.remove(at: $0) }
    }

    func pem() throws(CertificateError) -> [UInt8] {
        let output = try MemoryBIO()
        for certificate in certificates {
            guard PEM_write_bio_X509(output.handle, certificate.handle) == 1 else {
                throw .openSSL(OpenSSLErrors.drain() ?? "PEM_write_bio_X509")
            }
        }
        return [UInt8](output.contents)
    }
}
