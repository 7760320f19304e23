public import Routing

/// The account of nginx's workers: a POSIX user name (POSIX.1-2017 §3.437).
public struct AccountName: ConfigurationValue, Hashable {
    public let text: String

    /// - Throws: `InvalidValue` for anything but letters, digits, `_`, `-`, `.`, or a leading hyphen.
    public init(_ text: String) throws(InvalidValue) {
        let portable = text.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "_-.".utf8.contains($0)
        }
        guard (1...32).contains(text.utf8.count), portable, !text.hasPrefix("-") else {
            throw InvalidValue(text, expected: "a user name of letters, digits, '_', '-' and '.'")
        }
        self.text = text
    }

    public var configurationText: String { text }
}
