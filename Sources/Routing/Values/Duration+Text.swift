extension Duration {
    /// `100ms`, `2s`, `1m30s`, `1h`: each unit at most once, larger units first.
    ///
    /// - Throws: `InvalidValue` for anything else.
    public init(text: String) throws(InvalidValue) {
        let pattern = #/(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,6})s)?(?:(\d{1,9})ms)?/#.asciiOnlyDigits()
        guard let match = text.wholeMatch(of: pattern), !text.isEmpty
        else { throw InvalidValue(text, expected: "a duration such as 100ms, 2s or 1m30s") }
        func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
        self =
            .seconds(number(match.1) * 3600 + number(match.2) * 60 + number(match.3))
            + .milliseconds(number(match.4))
    }

    /// - Throws: `InvalidValue` also outside the bounds.
    init(timeout text: String, in bounds: ClosedRange<Duration>) throws(InvalidValue) {
        try self.init(text: text)
        guard bounds.contains(self) else {
            throw InvalidValue(
                text, expected: "a duration from \(bounds.lowerBound.short) to \(bounds.upperBound.short)")
        }
    }

    fileprivate var short: String {
        self < .seconds(1) ? "\(Int(self / .milliseconds(1)))ms" : "\(components.seconds)s"
    }
}

extension StrictTransport {
    /// `365d`, or another duration of whole seconds, or `off`.
    ///
    /// - Throws: `InvalidValue`, also for more than ten years.
    init(_ text: String) throws(InvalidValue) {
        if text == "off" {
            self = .off
            return
        }
        let seconds: Int64
        if text.hasSuffix("d"), text.count <= 5, text.utf8.dropLast().allSatisfy(\.isDigit),
            let days = Int64(text.dropLast())
        {
            seconds = days * 86400
        } else {
            let duration = try? Duration(text: text)
            guard let duration, duration.components.attoseconds == 0 else {
                throw InvalidValue(text, expected: "off, or a duration such as 365d or 1h")
            }
            seconds = duration.components.seconds
        }
        guard (0...315_360_000).contains(seconds) else {
            throw InvalidValue(text, expected: "a duration of at most 3650d")
        }
        self = .seconds(Int(seconds))
    }
}
