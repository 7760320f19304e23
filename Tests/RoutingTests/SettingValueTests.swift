import Routing
import Testing

@Suite("Values of annotations")
struct SettingValueTests {
    @Test(
        "a size is a number of bytes, or a number with k, m or g",
        arguments: [
            ("1", 1), ("1024", 1024), ("1k", 1 << 10), ("1K", 1 << 10), ("16m", 16 << 20), ("64g", 64 << 30),
            ("67108864k", 64 << 30), ("68719476736", 64 << 30), ("007", 7),
            ("0", nil), ("0k", nil), ("68719476737", nil), ("65537m", nil), ("1t", nil), ("k", nil), ("1 k", nil),
            ("0x10", nil), ("1e3", nil), ("999999999999g", nil), ("9999999999999", nil),
        ] as [(String, Int?)])
    func sizes(text: String, bytes: Int?) {
        #expect((try? ByteSize(text))?.bytes == bytes)
    }

    @Test(
        "a duration has units, larger ones first",
        arguments: [
            ("100ms", .milliseconds(100)), ("2s", .seconds(2)), ("1m30s", .seconds(90)), ("1h", .seconds(3600)),
            ("1h1m1s1ms", .seconds(3661) + .milliseconds(1)), ("1m500ms", .milliseconds(60_500)), ("0s", .zero),
            ("90s", .seconds(90)),
            ("", nil), ("5", nil), ("s", nil), ("1.5s", nil), ("-1s", nil), ("1s 1ms", nil), ("1s1s", nil),
            ("1s1m", nil), ("1S", nil), ("1d", nil), ("１s", nil), ("1s\n", nil), ("10000000s", nil),
        ] as [(String, Duration?)])
    func durations(text: String, expected: Duration?) {
        #expect((try? Duration(text: text)) == expected)
    }

    @Test(
        "the bits after the length of a range are cleared, and an address has a length",
        arguments: [
            ("192.0.2.7", "192.0.2.7/32"), ("10.1.2.3/8", "10.0.0.0/8"), ("10.255.255.255/9", "10.128.0.0/9"),
            ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"), ("2001:DB8::1/32", "2001:db8::/32"),
            ("2001:db8:0:0:0:0:0:1", "2001:db8::1/128"), ("::ffff:192.0.2.7", "::ffff:192.0.2.7/128"),
            ("fe80::1/127", "fe80::/127"),
            ("", nil), ("10.0.0.0/33", nil), ("::/129", nil), ("10.0.0.0/", nil), ("10.0.0.0/-1", nil),
            ("10.0.0.0/+8", nil), ("10.0.0/8", nil), ("010.0.0.1", nil), ("10.0.0.1/8/8", nil), ("[::1]", nil),
            ("fe80::1%lo", nil), ("all", nil), ("example.com", nil), ("10.0.0.1;", nil), ("10.0.0.1\0", nil),
        ] as [(String, String?)])
    func ranges(text: String, expected: String?) {
        #expect((try? AddressRange(text))?.text == expected)
    }

    @Test(
        "a prefix of a path is replaced",
        arguments: [
            ("/api", "/api", "/v2", "/v2"), ("/api/x", "/api", "/v2", "/v2/x"), ("/api/x/", "/api/", "/v2/", "/v2/x/"),
            ("/api", "/api", "/", "/"), ("/api/x", "/api", "/", "/x"), ("/", "/", "/v2", "/v2/"),
            ("/x", "/", "/v2", "/v2/x"), ("/x", "/", "/", "/x"), ("/ü/é", "/ü", "/é", "/é/é"),
        ])
    func replaced(path: String, prefix: String, replacement: String, expected: String) throws {
        #expect(
            try RequestPath(path).replacing(prefix: RequestPath(prefix), with: RequestPath(replacement)).text
                == expected)
    }
}
