/// A deviation from the textual encoding of RFC 7468 that leaves no doubt about the meaning. (CR, CRLF and a missing line
/// ending after the last line are allowed there; OpenSSL reads no CR.)
package enum PEMForm: Int, Comparable, CaseIterable, Sendable {
    case base64, utf16, byteOrderMark, carriageReturns, escapes, missingLineEnds, joinedBlocks, indentation,
        unusualSpaces,
        quotes, textAround, headers, urlSafeAlphabet, missingPadding

    /// As `/status` shows it.
    package var name: String {
        switch self {
        case .base64: "base64 of the whole value"
        case .utf16: "UTF-16"
        case .byteOrderMark: "a byte order mark"
        case .carriageReturns: "CR or CRLF line endings"
        case .escapes: #"escaped characters, such as \n for a line ending"#
        case .missingLineEnds: "spaces or nothing instead of line endings"
        case .joinedBlocks: "blocks without a line ending between them"
        case .indentation: "indentation"
        case .unusualSpaces: "tabs, non-breaking or other unusual spaces"
        case .quotes: "quotation marks"
        case .textAround: "text around the blocks"
        case .headers: "headers in a block"
        case .urlSafeAlphabet: "the URL-safe alphabet of base64"
        case .missingPadding: "base64 without padding"
        }
    }

    package static func < (left: PEMForm, right: PEMForm) -> Bool { left.rawValue < right.rawValue }
}

/// The reason why a text cannot be read. The descriptions contain nothing of the text.
package enum PEMProblem: Error, Equatable {
    /// The text has no block, and is nothing else that is known.
    case noBlock
    /// The text is something else. The remedy follows "store".
    case foreign(ForeignForm)
    case malformed(String)
}
