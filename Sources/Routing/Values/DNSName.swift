/// A host name (RFC 1123 §2.1): labels of letters, digits and inner hyphens, each of at most 63 characters, at most 253
/// together.
///
/// Stored in lowercase. A name whose last label is all digits would be read as an address and is not valid.
public struct DNSName: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` with the rule that is broken.
    public init(_ text: String) throws(InvalidValue) {
        guard !text.isEmpty else { throw InvalidValue("", expected: "a host name, found nothing") }
        guard text.utf8.count <= 253 else {
            throw InvalidValue(text, expected: "a host name of at most 253 characters, found \(text.utf8.count)")
        }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count) else {
                throw InvalidValue(text, expected: "labels of 1 to 63 characters between dots")
            }
            guard label.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }) else {
                throw InvalidValue(text, expected: "only letters, digits, '-' and '.' (RFC 1123)")
            }
            guard label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
                throw InvalidValue(text, expected: "labels that do not begin or end with '-' (RFC 1123)")
            }
        }
        if let last = labels.last, last.allSatisfy(\.isDigit) {
            throw InvalidValue(text, expected: "a name, not an address")
        }
        self.text = text.lowercased()
    }

    public var description: String { text }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

    var isLetterOrDigit: Bool {
        isDigit || isLowercaseLetter
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}
