internal import Routing

/// How values are written on the command line and in the environment.
enum Parsing {
    static func text(_ text: String) throws(InvalidValue) -> String {
        guard !text.isEmpty else { throw InvalidValue(text, expected: "a value, found nothing") }
        return text
    }

    /// Namespaces are labels (RFC 1123 §2.1, in lower case).
    static func namespace(_ text: String) throws(InvalidValue) -> String {
        guard text.wholeMatch(of: #/[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?/#) != nil else {
            throw InvalidValue(text, expected: "a namespace of at most 63 small letters, digits and '-'")
        }
        return text
    }

    /// A number of bytes; `0` for no limit, which is nil.
    static func size(_ text: String) throws(InvalidValue) -> Int? {
        text == "0" ? nil : try ByteSize(text).bytes
    }

    static func number(_ range: ClosedRange<Int>) -> (String) throws(InvalidValue) -> Int {
        { text throws(InvalidValue) in
            guard let number = Int(text), range.contains(number) else {
                throw InvalidValue(text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    static func oneOf<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> (String) throws(InvalidValue) -> Value
    where Value.RawValue == String {
        { text throws(InvalidValue) in
            guard let value = Value(rawValue: text) else {
                throw InvalidValue(text, expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return value
        }
    }

    static func boolean(_ text: String) throws(InvalidValue) -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw InvalidValue(text, expected: "true or false")
        }
    }
}
