internal import COpenSSL

/// OpenSSL's security level 2 (SSL_CTX_set_security_level(3)), the default of Debian. With one certificate below it,
/// nginx rejects the whole configuration.
enum KeyStrength {
    static func isEnough(_ securityBits: Int32) -> Bool { securityBits >= 112 }

    static func algorithm(of key: OpaquePointer) -> String {
        EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown"
    }
}

extension X509Certificate {
    /// Checks the key, and the digest of the signature unless the certificate is self-signed. ssl_security_cert in
    /// OpenSSL's ssl/ssl_cert.c checks exactly these, for every certificate of the chain.
    func checkStrength() throws(CertificateError) {
        guard let key = X509_get0_pubkey(handle) else {
            throw .malformed(.certificate, detail: OpenSSLErrors.drain() ?? "a public key cannot be decoded")
        }
        guard KeyStrength.isEnough(EVP_PKEY_get_security_bits(key)) else {
            throw .weakKey(
                subject: subject, algorithm: KeyStrength.algorithm(of: key), bits: Int(EVP_PKEY_get_bits(key)))
        }
        if X509_get_extension_flags(handle) & UInt32(EXFLAG_SS) != 0 { return }
        var digest: Int32 = 0
        var bits: Int32 = 0
        guard X509_get_signature_info(handle, &digest, nil, &bits, nil) == 1, KeyStrength.isEnough(bits) else {
            ERR_clear_error()
            let algorithm = OBJ_nid2sn(X509_get_signature_nid(handle)).map { String(cString: $0) } ?? "unknown"
            throw .weakSignature(subject: subject, algorithm: algorithm)
        }
    }

    /// An extendedKeyUsage has to allow serverAuth or anything; a keyUsage has to allow one of the uses of a server's
    /// key in TLS (check_purpose_ssl_server in OpenSSL's crypto/x509/v3_purp.c).
    func checkUsage() throws(CertificateError) {
        let flags = X509_get_extension_flags(handle)
        guard flags & UInt32(EXFLAG_INVALID) == 0 else {
            throw .malformed(.certificate, detail: OpenSSLErrors.drain() ?? "an extension cannot be decoded")
        }
        let extended = X509_get_extended_key_usage(handle)
        if flags & UInt32(EXFLAG_XKUSAGE) != 0, extended & UInt32(XKU_SSL_SERVER | XKU_ANYEKU) == 0 {
            throw .notForServers(detail: "extendedKeyUsage has no serverAuth")
        }
        let use = X509_get_key_usage(handle)
        let uses = UInt32(KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)
        if flags & UInt32(EXFLAG_KUSAGE) != 0, use & uses == 0 {
            throw .notForServers(detail: "keyUsage has none of digitalSignature, keyEncipherment, keyAgreement")
        }
    }
}
