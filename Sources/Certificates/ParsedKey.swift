internal import Basics
internal import COpenSSL

/// An OpenSSL key pair.
final class ParsedKey {
    private let handle: OpaquePointer

    /// - Parameter der: PKCS#8, PKCS#1 or SEC 1 (EC).
    init(der: UnsafeRawBufferPointer) throws(CertificateError) {
        var start = der.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let handle = d2i_AutoPrivateKey(nil, &start, der.count) else {
            let cause = OpenSSLErrors.drain()
            if DERKind(der) == .encryptedKey { throw .encryptedKey }
            throw .malformed(.key, detail: cause ?? "a private key cannot be decoded")
        }
        // Decoders that did not match leave errors in the queue.
        ERR_clear_error()
        self.handle = handle
    }

    deinit {
        EVP_PKEY_free(handle)
    }

    func matches(_ certificate: X509Certificate) -> Bool {
        defer { ERR_clear_error() }
        guard let publicKey = X509_get0_pubkey(certificate.handle) else { return false }
        return EVP_PKEY_eq(handle, publicKey) == 1
    }

    func isSame(as other: ParsedKey) -> Bool {
        defer { ERR_clear_error() }
        return EVP_PKEY_eq(handle, other.handle) == 1
    }

    /// `RSA`, `RSA-PSS`, `EC`, `ED25519`, or another name of OpenSSL. A server of nginx has one certificate for each
    /// (SSL_CTX_use_certificate(3)).
    var algorithm: String { KeyStrength.algorithm(of: handle) }

    /// Checks that nginx accepts the key, that browsers support it, and that a handshake with it is cheap: one with
    /// RSA 16384 takes a worker 0.2 s.
    func checkStrength(subject: String) throws(CertificateError) {
        let algorithm = algorithm
        let bits = Int(EVP_PKEY_get_bits(handle))
        guard ["RSA", "RSA-PSS", "EC", "ED25519"].contains(algorithm) else {
            throw .unsupportedKey(algorithm: algorithm)
        }
        guard KeyStrength.isEnough(EVP_PKEY_get_security_bits(handle)) else {
            throw .weakKey(subject: subject, algorithm: algorithm, bits: bits)
        }
        if algorithm.hasPrefix("RSA"), bits > 4096 {
            throw .keyTooLarge(subject: subject, algorithm: algorithm, bits: bits)
        }
        if algorithm == "EC", !["prime256v1", "secp384r1", "secp521r1"].contains(curve) {
            throw .unsupportedCurve(subject: subject, curve: curve)
        }
    }

    /// OpenSSL's name of the curve of an EC key.
    private var curve: String {
        var name = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(handle, &name, name.count, nil) == 1 else {
            ERR_clear_error()
            return "a curve without a name"
        }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The key as PKCS#8 PEM.
    func normalised() throws(CertificateError) -> Secret {
        let output = try MemoryBIO()
        guard vi_write_private_key(output.handle, handle) == 1 else {
            throw .openSSL(OpenSSLErrors.drain() ?? "PEM_write_bio_PKCS8PrivateKey")
        }
        return Secret(output.contents)
    }
}
