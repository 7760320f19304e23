internal import Basics
public import Routing

/// An absolute path of the local machine, without control characters.
public struct AbsolutePath: ConfigurationValue, Hashable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` for a relative or empty path, or one with control characters.
    public init(_ text: String) throws(InvalidValue) {
        guard text.hasPrefix("/") else { throw InvalidValue(text, expected: "an absolute path") }
        guard !text.utf8.contains(where: \.isASCIIControl) else {
            throw InvalidValue(text, expected: "no control characters")
        }
        self.text = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    public var description: String { text }
    public var configurationText: String { text }

    /// A file or folder in this one. The name is a literal of the program.
    public func appending(_ name: StaticString) -> AbsolutePath {
        AbsolutePath(unchecked: "\(text)/\(name)")
    }

    private init(unchecked text: String) { self.text = text }
}
