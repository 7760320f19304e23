/// A number of bytes, written alone or with `k`, `m` or `g` for powers of 1,024, as nginx does; from 1 to `64g`.
public struct ByteSize: Sendable, Hashable, CustomStringConvertible {
    public let bytes: Int

    /// - Throws: `InvalidValue`.
    public init(_ text: String) throws(InvalidValue) {
        let expected = "a number of bytes, or one with k, m or g, from 1 to 64g"
        let factors: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        let factor = text.last.flatMap { factors[Character($0.lowercased())] }
        let digits = factor == nil ? text[...] : text.dropLast()
        // Twelve digits cannot overflow with any factor.
        guard (1...12).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let number = Int(digits) else {
            throw InvalidValue(text, expected: expected)
        }
        bytes = number * (factor ?? 1)
        guard (1...(64 << 30)).contains(bytes) else { throw InvalidValue(text, expected: expected) }
    }

    public var description: String { String(bytes) }
}
