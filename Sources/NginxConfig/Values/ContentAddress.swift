public import Routing

/// The SHA-256 of some content in lowercase hexadecimal, as its name.
public struct ContentAddress: ConfigurationValue, Hashable, Comparable, TextCodable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` for anything but 64 lowercase hexadecimal digits.
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
