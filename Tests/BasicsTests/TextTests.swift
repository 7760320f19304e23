import Testing

@testable import Basics

@Suite("Text")
struct TextTests {
    @Test(
        "white space and line breaks are trimmed at both ends only",
        arguments: [
            ("", ""), (" \t\r\n", ""), ("a", "a"), (" a  b\r\n", "a  b"), ("\u{a0}\u{2028}a\u{85}", "a"),
            ("\u{200b}a", "\u{200b}a"),
        ])
    func trimmed(text: String, expected: String) {
        #expect(text.trimmed == expected)
        #expect("x\(text)y".dropFirst().dropLast().trimmed == expected)
    }

    @Test(
        "control, format and line-separating characters are control characters",
        arguments: [
            ("\0", true), ("\n", true), ("\u{7f}", true), ("\u{9b}", true), ("\u{200b}", true), ("\u{202e}", true),
            ("\u{2028}", true), ("\u{2029}", true), ("\u{e0001}", true), (" ", false), ("a", false), ("ß", false),
            ("\u{a0}", false), ("\u{301}", false),
        ] as [(Unicode.Scalar, Bool)])
    func control(scalar: Unicode.Scalar, isControl: Bool) {
        #expect(scalar.isControl == isControl)
        #expect(scalar.isASCIIControl == (isControl && scalar.isASCII))
    }
}
