/// Cuts bytes that arrive in pieces into lines.
public struct LineSplitter {
    /// No line of an audit log comes near this; what is longer is cut there, and so is no line of one.
    static let longestLine = 1 << 20

    private var line: [UInt8] = []

    public init() {}

    /// - Returns: the lines that are complete now, without their breaks.
    public mutating func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(line + rest[..<end].prefix(Self.longestLine - line.count))
            line = []
            rest = rest[(end + 1)...]
        }
        line += rest.prefix(Self.longestLine - line.count)
        return lines
    }

    /// What follows the last line break: a line that is still being written, or was never finished.
    public mutating func finish() -> [UInt8]? {
        defer { line = [] }
        return line.isEmpty ? nil : line
    }
}
