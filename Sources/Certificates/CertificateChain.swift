internal import COpenSSL

/// Builds a chain, leaf first, from certificates in any order.
enum CertificateChain {
    /// Real chains have two to five certificates. Each further one costs signature checks.
    static let limit = 20

    /// All certificates in the order of the text, and a remark for each PEM block of another type.
    static func read(_ pem: [UInt8]) throws(CertificateError) -> (certificates: [X509Certificate], remarks: [String]) {
        try pem.withUnsafeBufferPointer { buffer throws(CertificateError) in
            let bytes = UnsafeRawBufferPointer(buffer)
            try CertificateBundle.checkText(bytes, part: .certificate, limit: CertificateBundle.certificateLimit)
            return try blocks(of: bytes)
        }
    }

    private static func blocks(
        of bytes: UnsafeRawBufferPointer
    ) throws(CertificateError) -> (certificates: [X509Certificate], remarks: [String]) {
        let input = try MemoryBIO(reading: bytes)
        var certificates: [X509Certificate] = []
        var remarks: [String] = []
        while let block = try PEMBlock.next(from: input) {
            guard block.isCertificate else {
                remarks.append("ignored a block \"\(block.name)\" among the certificates")
                continue
            }
            certificates.append(try block.certificate())
        }
        guard !certificates.isEmpty else {
            throw .malformed(.certificate, detail: "it contains no CERTIFICATE block")
        }
        guard certificates.count <= limit else { throw .tooManyCertificates(found: certificates.count, limit: limit) }
        return (certificates, remarks)
    }

    /// The leaf is the certificate that matches the key. If several do (renewed with the same key), it is the one that
    /// expires last. Its issuers follow, up to a self-issued one or the end of the input.
    static func inOrder(
        _ certificates: [X509Certificate], key: ParsedKey
    ) throws(CertificateError) -> (chain: [X509Certificate], remarks: [String]) {
        var remarks: [String] = []
        var rest: [X509Certificate] = []
        for certificate in certificates {
            if rest.contains(where: { $0.isSame(as: certificate) }) {
                remarks.append("dropped a duplicate of \(certificate.subject)")
            } else {
                rest.append(certificate)
            }
        }
        let given = rest

        guard let leaf = try takeLongest(from: &rest, where: { key.matches($0) }) else {
            throw .keyMismatch(subjects: given.map(\.subject))
        }
        var chain = [leaf]
        while let last = chain.last, !last.isSelfIssued,
            let issuer = try takeLongest(from: &rest, where: { last.isSigned(by: $0) })
        {
            chain.append(issuer)
        }

        if !zip(chain, given).allSatisfy({ pair in pair.0 === pair.1 }) {
            remarks.append("put the chain in order, leaf first")
        }
        remarks += rest.map { "dropped \($0.subject), which is not part of the chain" }
        return (chain, remarks)
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

    static func pem(_ chain: [X509Certificate]) throws(CertificateError) -> [UInt8] {
        let output = try MemoryBIO()
        for certificate in chain {
            guard PEM_write_bio_X509(output.handle, certificate.handle) == 1 else {
                throw .openSSL(OpenSSLErrors.drain() ?? "PEM_write_bio_X509")
            }
        }
        return [UInt8](output.contents)
    }
}
