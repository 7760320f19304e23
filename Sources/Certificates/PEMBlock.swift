internal import COpenSSL

/// One `-----BEGIN …-----` block, decoded from base64. It may be a key, so its memory is overwritten.
struct PEMBlock: ~Copyable {
    let name: String
    private let data: UnsafeMutablePointer<UInt8>
    private let count: Int

    private init(name: String, data: UnsafeMutablePointer<UInt8>, count: Int) {
        self.name = name
        self.data = data
        self.count = count
    }

    deinit {
        CRYPTO_clear_free(data, count, #file, #line)
    }

    /// The next block; nil at the end of the input. Text between blocks is not an error.
    static func next(from input: borrowing MemoryBIO) throws(CertificateError) -> PEMBlock? {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        let found = PEM_read_bio(input.handle, &name, &header, &data, &count)
        defer {
            CRYPTO_free(name, #file, #line)
            CRYPTO_free(header, #file, #line)
        }
        guard found == 1, let name, let data else {
            let isEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
            let cause = OpenSSLErrors.drain()
            if isEnd { return nil }
            throw .malformed(.certificate, detail: cause ?? "a block cannot be parsed")
        }
        return PEMBlock(name: String(cString: name), data: data, count: count)
    }

    var isCertificate: Bool { name == PEM_STRING_X509 || name == PEM_STRING_X509_OLD }

    func certificate() throws(CertificateError) -> X509Certificate {
        var start: UnsafePointer<UInt8>? = UnsafePointer(data)
        guard let handle = d2i_X509(nil, &start, count) else {
            throw .malformed(.certificate, detail: OpenSSLErrors.drain() ?? "a certificate cannot be decoded")
        }
        return X509Certificate(owning: handle)
    }
}
