/// Splits a stream of bytes into lines. Lines end with LF; a CR before it stays.
package struct LineSplitter: Sendable {
    /// The treatment of a line that is longer than the maximum.
    package enum LongLinePolicy: Sendable {
        /// `next` returns `.tooLong`; the splitter cannot continue.
        case error
        /// `next` returns the beginning of the line.
        case cut
    }

    package enum Step: Equatable {
        case line([UInt8])
        /// The next line is incomplete: append more bytes.
        case more
        case tooLong
    }

    /// In bytes, without the LF.
    package let maximumLength: Int
    private let longLines: LongLinePolicy
    private var bytes: [UInt8] = []
    /// The start of the next line.
    private var start = 0
    /// There is no LF between `start` and here.
    private var searched = 0

    package init(maximumLength: Int, longLines: LongLinePolicy) {
        self.maximumLength = maximumLength
        self.longLines = longLines
    }

    package mutating func append(_ chunk: [UInt8]) {
        if start == bytes.count {
            bytes = chunk
        } else {
            bytes.removeFirst(start)
            bytes.append(contentsOf: chunk)
        }
        searched -= start
        start = 0
    }

    package mutating func next() -> Step {
        let newline = bytes[searched...].firstIndex(of: UInt8(ascii: "\n"))
        let end = newline ?? bytes.count
        searched = end
        if end - start > maximumLength {
            if longLines == .error { return .tooLong }
            // Bounds the memory that a line without end takes.
            if newline == nil { bytes.removeLast(end - start - maximumLength) }
            searched = min(searched, bytes.count)
        }
        guard let newline else { return .more }
        let line = Array(bytes[start..<newline].prefix(maximumLength))
        start = newline + 1
        searched = start
        return .line(line)
    }

    /// The last line, if no LF ends it.
    package mutating func finish() -> [UInt8]? {
        guard start < bytes.count else { return nil }
        defer { start = bytes.count }
        return Array(bytes[start...].prefix(maximumLength))
    }
}
