/// Puts lines together from chunks that know nothing of lines.
struct LineSplitter: Sendable {
    enum Step: Equatable {
        case line([UInt8])
        /// The next line's newline has not come yet.
        case more
        case tooLong
    }

    let maximumLength: Int
    private var bytes: [UInt8] = []
    /// Where the next line begins, and up to where there is no newline in it.
    private var start = 0
    private var searched = 0

    init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    mutating func append(_ chunk: [UInt8]) {
        if start == bytes.count {
            bytes = chunk
        } else {
            bytes.removeFirst(start)
            bytes.append(contentsOf: chunk)
        }
        searched -= start
        start = 0
    }

    mutating func next() -> Step {
        guard let newline = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return bytes.count - start > maximumLength ? .tooLong : .more
        }
        guard newline - start <= maximumLength else { return .tooLong }
        let line = Array(bytes[start..<newline])
        start = newline + 1
        searched = start
        return .line(line)
    }

    /// The last line, where no newline ends it; nil where one did.
    mutating func finish() -> [UInt8]? {
        guard start < bytes.count else { return nil }
        defer { start = bytes.count }
        return Array(bytes[start...])
    }
}
