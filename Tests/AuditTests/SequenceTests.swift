import Audit
import Testing

@Suite("Numbers of audit lines")
struct SequenceTests {
    private static let start = Record.start(
        Record.Start(version: "0.2.0", nginx: "1.22.1", templates: nil, settings: [:]))
    private static let stop = Record.stop(Record.Stop(error: nil))

    /// `edge-1:3`; without a number, `edge-1:-`; a start record, `edge-1:1s`.
    private func check(_ text: String) -> (found: [SequenceCheck.Finding], findings: [String]) {
        var check = SequenceCheck()
        let found = text.split(separator: " ").enumerated().map { second, word in
            let parts = word.split(separator: ":").map(String.init)
            let isStart = parts[1].hasSuffix("s")
            return check.read(
                line(
                    second, pod: parts[0], sequence: Int(isStart ? String(parts[1].dropLast()) : parts[1]),
                    isStart ? Self.start : Self.stop))
        }
        return (found, check.findings)
    }

    @Test(
        "a log without loss has no findings",
        arguments: [
            "a:1s a:2 a:3", "a:7 a:8", "a:1s b:1s a:2 b:2", "a:1s a:2 a:1s a:2", "a:- a:-", "a:- a:1s a:2", "",
            // A collector delivers lines in another order.
            "a:1s a:3 a:2 a:4", "a:1s a:5 a:3 a:2 a:4 a:6",
        ])
    func complete(log: String) {
        #expect(check(log).findings == [])
    }

    @Test(
        "missing, repeated and foreign lines are named, by pod",
        arguments: [
            ("a:1s a:3", ["pod a: line 2 is missing before 2026-01-31T03:00:01.000Z"]),
            ("a:1s b:1s a:5 b:2", ["pod a: lines 2 to 4 are missing before 2026-01-31T03:00:02.000Z"]),
            (
                "a:1s a:6 a:4",
                [
                    "pod a: lines 2 to 3 are missing before 2026-01-31T03:00:01.000Z",
                    "pod a: line 5 is missing before 2026-01-31T03:00:01.000Z",
                ]
            ),
            ("a:1s a:2 a:2", ["pod a: number 2 occurs again at 2026-01-31T03:00:02.000Z"]),
            ("a:5 a:6 a:1 a:2 a:3", ["pod a: numbers 1 to 3 occur again at 2026-01-31T03:00:02.000Z"]),
            (
                "a:1s a:2 a:2 a:1",
                [
                    "pod a: number 2 occurs again at 2026-01-31T03:00:02.000Z",
                    "pod a: number 1 occurs again at 2026-01-31T03:00:03.000Z",
                ]
            ),
            ("a:1s a:- a:2 a:-", ["pod a: skipped 2 lines without a number"]),
            ("a:1s b:- a:2", ["pod b: 1 line without a number, as version 0.1.0 writes them"]),
            // The findings of a run stay after the next start.
            ("a:1s a:3 a:1s a:2", ["pod a: line 2 is missing before 2026-01-31T03:00:01.000Z"]),
            (
                "a:1s a:9223372036854775807",
                ["pod a: lines 2 to 9223372036854775806 are missing before 2026-01-31T03:00:01.000Z"]
            ),
        ])
    func findings(log: String, expected: [String]) {
        #expect(check(log).findings == expected)
    }

    @Test("a line in the form of a record without a number is foreign, and a gap is known before its next line")
    func eachLine() {
        #expect(
            check("a:1s a:2 a:- a:5 a:3 a:5").found == [
                .regular, .regular, .foreign, .afterGap, .regular, .repeated,
            ])
    }
}
