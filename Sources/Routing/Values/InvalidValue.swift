/// A value that its type does not allow.
public struct InvalidValue: Error, Equatable, CustomStringConvertible {
    /// As found.
    public let value: String
    /// The rule, as the object of "expected".
    public let expected: String

    public init(_ value: String, expected: String) {
        self.value = value
        self.expected = expected
    }

    public var description: String { "\(quoted(value)): expected \(expected)" }
}

/// A value in quotes on one line: control characters escaped, cut after 120 characters.
func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars.prefix(120) {
        text += scalar.escaped(asASCII: false)
    }
    return text + (value.unicodeScalars.count > 120 ? "…\"" : "\"")
}
