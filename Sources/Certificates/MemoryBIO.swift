internal import COpenSSL

/// OpenSSL's memory stream. A stream for reading does not copy its bytes, so it must not outlive the closure that
/// provides them.
struct MemoryBIO: ~Copyable {
    let handle: OpaquePointer

    init(reading bytes: UnsafeRawBufferPointer) throws(CertificateError) {
        guard let handle = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
            throw .openSSL(OpenSSLErrors.drain() ?? "BIO_new_mem_buf")
        }
        self.handle = handle
    }

    /// A stream for writing. Its memory is overwritten when it is freed (BUF_MEM_free clears).
    init() throws(CertificateError) {
        guard let handle = BIO_new(BIO_s_mem()) else { throw .openSSL(OpenSSLErrors.drain() ?? "BIO_new") }
        self.handle = handle
    }

    deinit {
        BIO_free(handle)
    }

    /// Valid until the next write or the end of the stream.
    var contents: UnsafeRawBufferPointer {
        var bytes: UnsafePointer<CChar>?
        let count = vi_bio_bytes(handle, &bytes)
        return UnsafeRawBufferPointer(start: bytes, count: count)
    }
}
