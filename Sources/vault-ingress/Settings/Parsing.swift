internal import Routing

/// How values are written on the command line and in the environment.
enum Parsing {
    static func port(_ text: String) throws(InvalidValue) -> ServicePort {
        guard let number = Int(text) else { throw InvalidValue(text, expected: "a port from 1 to 65535") }
        return try ServicePort(number)
    }

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

    /// `100ms`, `2s`, `1m30s`, `1h`; each unit once at the most, the larger before the smaller.
    static func duration(_ text: String) throws(InvalidValue) -> Duration {
        guard let match = text.wholeMatch(of: #/(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,6})s)?(?:(\d{1,9})ms)?/#),
            !text.isEmpty
        else { throw InvalidValue(text, expected: "a duration such as 100ms, 2s or 1m30s") }
        func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
        return .seconds(number(match.1) * 3600 + number(match.2) * 60 + number(match.3))
            + .milliseconds(number(match.4))
    }

    /// A number of bytes: `500k`, `100m` or `2g`, in powers of 1024; `0` for no limit, which is nil.
    static func size(_ text: String) throws(InvalidValue) -> Int? {
        let factors: [Substring: Int] = ["": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let match = text.wholeMatch(of: #/(\d{1,9})([kmg]?)/#), let number = Int(match.1),
            let factor = factors[match.2]
        else { throw InvalidValue(text, expected: "a size such as 500k, 100m or 2g, or 0 for no limit") }
        return number == 0 ? nil : number * factor
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
