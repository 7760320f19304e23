/// One statement of a configuration: a directive with its arguments, or the end of a block.
public struct NginxStatement: Sendable, Equatable {
    public enum End: Sendable, Equatable {
        /// `;`
        case simple
        /// `{`
        case blockStart
        /// `}`, which has no words.
        case blockEnd
    }

    /// Without quotes, escapes resolved. The first is the name of the directive.
    public var words: [[UInt8]]
    public var end: End

    public init(words: [[UInt8]], end: End) {
        self.words = words
        self.end = end
    }

    public var name: String { String(decoding: words.first ?? [], as: UTF8.self) }
}

/// The reason why nginx rejects the syntax of a file.
public struct NginxSyntaxError: Error, Equatable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        case unexpected(UInt8)
        case unexpectedEnd
        /// An argument of 4,096 bytes or more.
        case tooLong
        /// A block that is not closed, or an end without a block.
        case unbalanced
    }

    public let problem: Problem
    /// From 1.
    public let line: Int

    public var description: String { "line \(line): \(problem)" }
}
