internal import Glibc

/// A token, a password or a private key. It shows itself as `<redacted>` everywhere, and its memory is overwritten
/// when the last copy is released. (JSON and HTTP code make further copies, which are freed but not overwritten.)
public struct Secret: Sendable {
    private let storage: Storage

    private final class Storage: @unchecked Sendable {
        // Never written between init and deinit, so that reading it from any thread is safe.
        let memory: UnsafeMutableRawBufferPointer

        init(_ bytes: some Collection<UInt8>) {
            memory = .allocate(byteCount: bytes.count, alignment: 1)
            memory.copyBytes(from: bytes)
        }

        deinit {
            if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
            memory.deallocate()
        }
    }

    public init(_ bytes: some Collection<UInt8>) {
        storage = Storage(bytes)
    }

    public init(_ text: String) {
        self.init(text.utf8)
    }

    public var isEmpty: Bool { storage.memory.isEmpty }

    /// Whoever copies the bytes is responsible for the copy.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(storage.memory))
    }

    /// For a header or a JSON body, and nowhere else.
    package var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

extension Secret: Equatable {
    /// Takes the same time wherever two secrets of one length differ.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
            }
        }
    }
}

extension Secret: Decodable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
