/// A TCP port, 1 to 65535.
public struct ServicePort: Sendable, Hashable, CustomStringConvertible {
    public let number: Int

    /// - Throws: `InvalidValue` outside 1…65535.
    public init(_ number: Int) throws(InvalidValue) {
        guard (1...65535).contains(number) else {
            throw InvalidValue(String(number), expected: "a port from 1 to 65535")
        }
        self.number = number
    }

    private init(wellKnown number: Int) { self.number = number }

    /// RFC 1035 §4.2.
    public static let dns = ServicePort(wellKnown: 53)

    public var description: String { String(number) }
}
