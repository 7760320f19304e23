/// Requests per second of one client address, from 1 to 100,000.
public struct RequestRate: Sendable, Hashable {
    public let perSecond: Int

    /// - Throws: `InvalidValue`.
    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), (1...100_000).contains(number) else {
            throw InvalidValue(text, expected: "a whole number of requests per second from 1 to 100000")
        }
        perSecond = number
    }
}
