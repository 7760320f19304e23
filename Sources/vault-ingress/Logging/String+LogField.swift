internal import Basics

extension String {
    /// A value of a line in text: as it is where that is one plain word, else as a JSON string.
    var logField: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.logEscape == nil }
        return isPlain && !contains("=") ? self : jsonString
    }

    /// A JSON string (RFC 8259 §7), which is also safe on a terminal.
    var jsonString: String {
        "\"" + unicodeScalars.map { $0.logEscape ?? String($0) }.joined() + "\""
    }

    /// The same without quotes, where nothing has to be found again: for a person.
    var oneLine: String {
        unicodeScalars.map { $0 == "\"" || $0 == "\\" ? String($0) : $0.logEscape ?? String($0) }.joined()
    }
}

extension Unicode.Scalar {
    /// How a string has it that cannot have it as it is; nil for most.
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
