internal import Basics

extension String {
    /// A value in a text log line: unchanged if it is one plain word, else a JSON string.
    var logField: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.logEscape == nil }
        return isPlain && !contains("=") ? self : jsonString
    }

    /// A JSON string (RFC 8259 §7) that is also safe on a terminal.
    var jsonString: String {
        "\"" + unicodeScalars.map { $0.logEscape ?? String($0) }.joined() + "\""
    }

    /// The text on one line, safe on a terminal. Quotes and backslashes stay, so it cannot be parsed.
    var oneLine: String {
        unicodeScalars.map { $0 == "\"" || $0 == "\\" ? String($0) : $0.logEscape ?? String($0) }.joined()
    }
}

extension Unicode.Scalar {
    /// The JSON escape of a scalar that a log line must not contain; nil for other scalars.
    fileprivate var logEscape: String? {
        switch self {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        default: break
        }
        guard isControl else { return nil }
        return String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
