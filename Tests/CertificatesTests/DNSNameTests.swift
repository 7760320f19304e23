import Testing

@testable import Certificates

@Suite("Names of certificates")
struct DNSNameTests {
    @Test(
        "a name covers a host by RFC 6125: whole labels, and the star is the leftmost one",
        arguments: [
            ("shop.example.com", "shop.example.com", true),
            ("Shop.EXAMPLE.com", "shop.example.com", true),
            ("shop.example.com.", "shop.example.com", true),
            ("shop.example.com", "example.com", false),
            ("example.com", "shop.example.com", false),
            ("*.example.com", "shop.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "a.shop.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("shop.example.com", "*.example.com", false),
            ("*.shop.example.com", "*.example.com", false),
            ("w*.example.com", "www.example.com", false),
            ("*w.example.com", "www.example.com", false),
            ("shop.*.com", "shop.example.com", false),
            ("*.*.com", "shop.example.com", false),
            ("*.com", "example.com", false),
            ("*", "example", false),
            ("*.example.com", "xn--bcher-kva.example.com", true),
            ("xn--bcher-kva.example.com", "XN--BCHER-KVA.example.com", true),
            ("bücher.example.com", "xn--bcher-kva.example.com", false),
            ("*..com", "a..com", false),
            ("", "", false),
            ("", "example.com", false),
            ("localhost", "localhost", true),
        ])
    func covers(name: String, host: String, expected: Bool) {
        #expect(DNSName.covers(name, host: host) == expected)
    }
}
