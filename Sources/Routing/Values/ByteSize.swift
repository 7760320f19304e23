/// A number of bytes from 1 to `64g`; `k`, `m` and `g` are powers of 1,024, as in nginx.
public struct ByteSize: Sendable, Hashable, CustomStringConvertible {
    public let bytes: Int

    /// - Throws: `InvalidValue`.
    public init(_ text: String) throws(InvalidValue) {
        let expected = "a size from 1 to 64g: a number of bytes, optionally with k, m or g"
        let factor = text.last.flatMap { ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30][$0.lowercased()] }
        let digits = factor == nil ? text[...] : text.dropLast()
        guard digits.utf8.allSatisfy(\.isDigit), let number = Int(digits),
            (1...((64 << 30) / (factor ?? 1))).contains(number)
        else { throw InvalidValue(text, expected: expected) }
        bytes = number * (factor ?? 1)
    }

    /// The size of a response's headers: each request to the Service has a buffer of this size.
    ///
    /// - Throws: `InvalidValue` also outside 1 KiB to 256 KiB.
    init(responseHeaders text: String) throws(InvalidValue) {
        let expected = "a size from 1k to 256k"
        do {
            try self.init(text)
        } catch {
            throw InvalidValue(text, expected: expected)
        }
        guard (1 << 10...256 << 10).contains(bytes) else { throw InvalidValue(text, expected: expected) }
    }

    public var description: String { String(bytes) }
}
