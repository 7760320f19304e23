public import Routing

/// The identifier of an installation in the header `CDN-Loop`: a pseudonym (RFC 8586 §2), the same on all replicas.
public struct InstallationID: ConfigurationValue, Hashable {
    public let text: String

    /// - Throws: `InvalidValue` for anything but letters, digits, `-` and `.`, or a first character that is not a letter or
    ///   digit.
    public init(_ text: String) throws(InvalidValue) {
        let isValid = text.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
        guard (1...63).contains(text.utf8.count), isValid, !text.hasPrefix("-"), !text.hasPrefix(".") else {
            throw InvalidValue(text, expected: "a name of at most 63 letters, digits, '-' and '.'")
        }
        self.text = text
    }

    package var configurationText: String { text }
}

/// The identifier in a regular expression.
struct InstallationIDPattern: ConfigurationValue {
    let id: InstallationID

    var configurationText: String { id.text.replacing(".", with: "[.]") }
}
