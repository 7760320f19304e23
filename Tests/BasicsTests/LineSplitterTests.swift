import Testing

@testable import Basics

@Suite("Line splitter")
struct LineSplitterTests {
    private func lines(_ splitter: inout LineSplitter, _ text: String, chunks size: Int) -> [String] {
        var lines: [[UInt8]] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while case .line(let line) = splitter.next() { lines.append(line) }
        }
        if let last = splitter.finish() { lines.append(last) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "lines do not depend on the chunks, and the last one needs no line break",
        arguments: ["", "a", "a\n", "\n", "\n\n", "a\nbc\n\ndef", "a\r\nb\n", "one\n\ntwo\nthr"], [1, 2, 3, 5, 100])
    func chunks(text: String, size: Int) {
        var splitter = LineSplitter(maximumLength: 10, longLines: .error)
        // By bytes: CRLF is one character.
        var expected = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if expected.last?.isEmpty == true { expected.removeLast() }
        #expect(lines(&splitter, text, chunks: size) == expected.map { String(decoding: $0, as: UTF8.self) })
        #expect(splitter.finish() == nil)
    }

    @Test("a line of the maximum length is delivered, a longer one is an error with and without its line break")
    func error() {
        var splitter = LineSplitter(maximumLength: 3, longLines: .error)
        splitter.append(Array("abc\nab".utf8))
        #expect(splitter.next() == .line(Array("abc".utf8)))
        #expect(splitter.next() == .more)
        splitter.append(Array("cd".utf8))
        #expect(splitter.next() == .tooLong)
        splitter.append(Array("\n".utf8))
        #expect(splitter.next() == .tooLong)
    }

    @Test("a longer line is cut, and the lines after it are whole", arguments: [1, 2, 3, 5, 100])
    func cut(size: Int) {
        var splitter = LineSplitter(maximumLength: 3, longLines: .cut)
        #expect(lines(&splitter, "abc\nabcdefgh\n\nij\nklmnop", chunks: size) == ["abc", "abc", "", "ij", "klm"])
        #expect(splitter.finish() == nil)
    }
}
