internal import COpenSSL

/// A private key as unencrypted PKCS#8 PEM. It shows itself as `<redacted>` everywhere, and its memory is
/// overwritten when the last reference goes.
public final class PrivateKey: Sendable {
    // Never written after init, so that reading it from any thread is safe.
    private let bytes: SendableBuffer

    private struct SendableBuffer: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer
    }

    init(copying source: UnsafeRawBufferPointer) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
        memory.copyMemory(from: source)
        bytes = SendableBuffer(memory: memory)
    }

    deinit {
        OPENSSL_cleanse(bytes.memory.baseAddress, bytes.memory.count)
        bytes.memory.deallocate()
    }

    /// The PEM text. Whoever copies it is responsible for the copy.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(bytes.memory))
    }
}

extension PrivateKey: Equatable {
    public static func == (left: PrivateKey, right: PrivateKey) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
