extension PathMatch {
    /// Reads the path of a rule with the type `Prefix` or `ImplementationSpecific`.
    ///
    /// A final `/*` means the same as its absence. A path with another unencoded character of regular expressions is
    /// rejected: other controllers read it as a pattern, and as a literal prefix it would match no request.
    /// Percent-encoded characters are literal.
    ///
    /// - Throws: `InvalidValue` with the rule that is broken.
    static func prefix(of text: String) throws(InvalidValue) -> PathMatch {
        // By bytes: a combining mark after a `*` does not change it.
        var prefix = text[...]
        if text.utf8.suffix(2).elementsEqual("/*".utf8) {
            prefix = text[..<text.utf8.index(text.endIndex, offsetBy: -2)]
        }
        if let meaning = PathPatternSign(prefix) {
            throw InvalidValue(text, expected: meaning.expected)
        }
        do {
            return .prefix(try RequestPath(prefix.isEmpty ? "/" : String(prefix)).withoutTrailingSlash)
        } catch {
            // The message shows the path as it is in the Ingress.
            throw InvalidValue(text, expected: error.expected)
        }
    }
}

/// The sign that a path is a pattern.
private enum PathPatternSign {
    /// A character that a literal path rarely has, and that a regular expression needs.
    case expression(Unicode.Scalar)
    /// `*` in another place than at the end after a slash.
    case glob
    /// nginx's own syntax before the path (ngx_http_core_module, `location`).
    case modifier(String)

    /// Without `.`, which most regular expressions have, but file names too; and without `?`, which no path may contain.
    private static let expression = Set("()[]{}|^$+\\".unicodeScalars)
    private static let modifiers = ["~*", "~", "^~", "="]

    /// Nil for a literal path.
    init?(_ text: Substring) {
        if let modifier = Self.modifiers.first(where: text.hasPrefix) {
            self = .modifier(modifier)
        } else if let sign = text.unicodeScalars.first(where: Self.expression.contains) {
            self = .expression(sign)
        } else if text.unicodeScalars.contains("*") {
            self = text.utf8.firstRange(of: ".*".utf8) == nil ? .glob : .expression("*")
        } else {
            return nil
        }
    }

    /// The rule, what the path looks like, and what to do.
    var expected: String {
        switch self {
        case .expression(let sign):
            "a literal path, found '\(sign)' as in a regular expression; write a Prefix path for each alternative, or for a literal '\(sign)' use pathType Exact or \(Self.encoded(sign))"
        case .glob:
            "a literal path, found '*' as in a glob, which is valid only at the end after '/'; write a Prefix path for each alternative, or for a literal '*' use pathType Exact or %2A"
        case .modifier(let modifier):
            "a literal path, found the modifier '\(modifier)' of a location in nginx; write the path alone, with pathType Prefix or Exact"
        }
    }

    private static func encoded(_ sign: Unicode.Scalar) -> String {
        "%" + String(sign.value, radix: 16, uppercase: true)
    }
}
