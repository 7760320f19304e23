import HTTPClient
import Testing

/// Requests that must not be sent, and the redaction of errors.
struct RequestTests {
    private func error(_ request: HTTPRequest) async -> HTTPClientError? {
        await #expect(throws: HTTPClientError.self) { _ = try await HTTPClient().send(request) }
    }

    @Test(
        "a header value that would end its field is rejected and not quoted",
        arguments: [
            ("X-A", "secret\r\nX-B: b"), ("X-A", "secret\n"), ("X-A", "secret\r"), ("X-A", "secret\u{0}"),
            ("X A", "secret"), ("X-A:", "secret"), ("", "secret"), ("X-A\r\nX-B", "secret"),
        ])
    func header(name: String, value: String) async {
        var request = HTTPRequest(url: "http://127.0.0.1:1/")
        request.headers.append(name, value)
        let error = await error(request)
        #expect(error?.code == .malformedRequest)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a method that is not a token is rejected", arguments: ["", "GET /x HTTP/1.1\r\n", "G T", "GÉT", "GET\u{0}"])
    func method(method: String) async {
        #expect(await error(HTTPRequest(method: method, url: "http://127.0.0.1:1/"))?.code == .malformedRequest)
    }

    @Test(
        "an invalid URL is rejected, and its secrets are not quoted",
        arguments: [
            ("", ""), ("/path", "/path"), ("127.0.0.1/path", "127.0.0.1/path"),
            ("ftp://user:secret@host/x", "host/x"), ("http://user:se/cret@host/?secret", "host/"),
            ("http://host/a b", "http://host/a b"), ("http://host/\r\nX: y", "http://host/??X: y"),
            ("http://host:99999/", "http://host:99999/"), ("http://host/\u{0}", "http://host/?"),
        ])
    func malformedURL(url: String, shown: String) async {
        let error = await error(HTTPRequest(url: url))
        #expect(error?.code == .malformedURL)
        #expect(error?.url == shown)
    }

    @Test("neither errors nor printed requests show user information, query, credentials, body or key")
    func secrets() async {
        var request = HTTPRequest(
            url: "http://user:secret@127.0.0.1:1/path?token=secret#secret",
            headers: ["Authorization": "Bearer secret", "X-Vault-Token": "secret"], body: Array("secret".utf8))
        request.tls.identity = .init(certificate: Array("secret".utf8), key: Array("secret".utf8))
        let error = await error(request)
        #expect(error?.url == "http://127.0.0.1:1/path")
        var dumped = ""
        dump(request, to: &dumped)
        dump(request.headers, to: &dumped)
        dump(request.tls, to: &dumped)
        for text in ["\(error as Any)", "\(request)", "\(request.headers)", "\(request.tls)", dumped] {
            #expect(!text.contains("secret"))
            #expect(!text.contains("115"), "the first byte of the secret")
        }
    }
}
