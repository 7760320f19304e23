import Foundation
import Testing

@testable import vault_ingress

@Suite("Values in log lines")
struct LogFieldTests {
    @Test(
        "a plain word is unchanged, anything else is a JSON string, and no control character reaches a terminal",
        arguments: [
            ("shop/web", "shop/web"), ("größe", "größe"), ("", #""""#), ("a b", #""a b""#), ("a=b", #""a=b""#),
            (#"a"b"#, #""a\"b""#), (#"C:\b"#, #""C:\\b""#), ("a\nb", #""a\nb""#), ("\u{1b}[2J", #""\u001b[2J""#),
            ("a\u{7f}", #""a\u007f""#), ("\u{9b}31m", #""\u009b31m""#), ("a\u{202e}b", #""a\u202eb""#),
            ("\u{2028}", #""\u2028""#), ("\u{e0001}", #""\udb40\udc01""#), ("\r\n", #""\u000d\n""#),
        ])
    func field(text: String, written: String) throws {
        #expect(text.logField == written)
        #expect(try JSONDecoder().decode(String.self, from: Data(text.jsonString.utf8)) == text)
    }

    @Test("a message is one line")
    func message() {
        #expect("\u{1b}[31mnginx: \"x\"\nforged".oneLine == #"\u001b[31mnginx: "x"\nforged"#)
    }
}
