internal import COpenSSL

enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// An incremental SHA-256, which hashes a key without copying it.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    public init() throws(CertificateError) {
        let context = EVP_MD_CTX_new()
        guard let context, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .openSSL(OpenSSLErrors.drain() ?? "EVP_DigestInit_ex")
        }
        self.context = context
    }

    /// The SHA-256 of the UTF-8 bytes of a text in lowercase hexadecimal.
    public static func hex(of text: String) throws(CertificateError) -> String {
        let hash = try SHA256()
        Array(text.utf8).withUnsafeBytes { hash.update($0) }
        return hash.hex()
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest in lowercase hexadecimal.
    public consuming func hex() -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        EVP_DigestFinal_ex(context, &digest, &length)
        return Hex.text(digest.prefix(Int(length)))
    }
}
