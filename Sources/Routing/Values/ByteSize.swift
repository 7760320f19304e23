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

    public var description: String { String(bytes) }
}
