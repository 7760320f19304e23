public import Routing

/// SHA-256 in lower-case hexadecimal: the name of what it was made from.
public struct ContentAddress: ConfigurationValue, Hashable, Comparable, TextCodable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` for anything but 64 such digits.
    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            throw InvalidValue(text, expected: "64 hexadecimal digits")
        }
        self.text = text
    }

    public var description: String { text }
    public var configurationText: String { text }
    public var codedText: String { text }

    public static func < (left: ContentAddress, right: ContentAddress) -> Bool { left.text < right.text }
}
