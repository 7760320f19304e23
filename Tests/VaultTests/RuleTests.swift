import Basics
import HTTPClient
import Testing

@testable import Vault

@Suite("Rules of the Vault client")
struct RuleTests {
    @Test(
        "412, 429 and 5xx except 501 are tried again",
        arguments: [
            (200, false), (307, false), (400, false), (403, false), (404, false), (412, true), (429, true),
            (500, true), (501, false), (502, true), (503, true), (599, true),
        ])
    func retried(status: Int, expected: Bool) {
        #expect(Retry.isWorthwhile(status: status) == expected)
    }

    @Test("the wait is Retry-After, else 1 to 1.5 s times the number of attempts")
    func waits() {
        #expect(Retry.wait(attempt: 1, random: 0) == .seconds(1))
        #expect(Retry.wait(attempt: 1, random: 1) == .seconds(1.5))
        #expect(Retry.wait(attempt: 3, random: 0.5) == .seconds(3.75))
        #expect(Retry.wait(attempt: 3, random: 0.5, retryAfter: .seconds(7)) == .seconds(7))
    }

    @Test(
        "Retry-After is read in seconds; invalid values are ignored",
        arguments: [("7", .seconds(7)), ("0", .zero), ("-1", nil), ("99999999", nil), ("soon", nil)]
            as [(String, Duration?)])
    func retryAfter(value: String, expected: Duration?) {
        #expect(Retry.after(HTTPResponse(status: 429, headers: ["retry-after": value], body: [])) == expected)
    }

    @Test(
        "a redirect from https to http or to an invalid URL is not followed",
        arguments: [
            ("https://b:8200/v1/x", "https://a/v1/x", "https://b:8200/v1/x"),
            ("http://b:8200/v1/x", "https://a/v1/x", nil),
            ("https://b/v1/x", "http://a/v1/x", "https://b/v1/x"),
            ("/v1/y?z=1", "https://a:8200/v1/x", "https://a:8200/v1/y?z=1"),
            ("ftp://b/x", "http://a/v1/x", nil),
            ("https://me@b/x", "https://a/v1/x", nil),
            ("file:///etc/passwd", "http://a/v1/x", nil),
            (nil, "http://a/v1/x", nil),
        ] as [(String?, String, String?)])
    func redirect(location: String?, from: String, expected: String?) {
        #expect(Redirect.target(location: location, from: from) == expected)
    }

    @Test("a path is escaped, so that no character can end a path element")
    func escaping() throws {
        #expect(try VaultRequest.get("secret/ssl/*.example.com").encodedPath == "secret/ssl/%2A.example.com")
        #expect(try VaultRequest.get("a/b?c#d e%2f").encodedPath == "a/b%3Fc%23d%20e%252f")
        #expect(try VaultRequest.get("a/ü").encodedPath == "a/%C3%BC")
    }

    @Test(
        "a path that leaves its folder is rejected", arguments: ["a/../b", "a//b", "/a", "a/", "", "a/.", "a\nb"])
    func badPaths(path: String) async {
        let error = await failure { () throws(VaultError) in try VaultRequest.get(path) }
        guard case .invalidPath = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a limit admits callers in the order of arrival, and skips cancelled ones")
    func concurrency() async throws {
        let limit = ConcurrencyLimit(1)
        try await limit.enter()
        let cancelled = Task { await failure { () throws(VaultError) in try await limit.enter() } }
        cancelled.cancel()
        #expect(await cancelled.value == .cancelled)
        let next = Task { await failure { () throws(VaultError) in try await limit.enter() } }
        limit.leave()
        #expect(await next.value == nil)
        limit.leave()
        // No slot is lost in ten thousand uses.
        await withTaskGroup { group in
            for _ in 0..<10_000 {
                group.addTask {
                    guard (try? await limit.enter()) != nil else { return }
                    await Task.yield()
                    limit.leave()
                }
            }
        }
        try await limit.enter()
    }

    @Test("a secret is redacted everywhere")
    func redacted() {
        struct Holder {
            let token = Secret("s.very-secret")
        }
        var dumped = ""
        dump(Holder(), to: &dumped)
        for text in ["\(Holder())", String(reflecting: Holder()), dumped, "\(Holder().token)"] {
            #expect(text.contains("<redacted>") && !text.contains("very"))
        }
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b") && Secret("a") != Secret("ab"))
    }

    @Test("a server's message is shortened and put on one line")
    func detail() {
        let body = #"{"errors":["1 error occurred:\n\t* permission denied\n\n","second"]}"#
        let response = HTTPResponse(status: 403, headers: [:], body: Array(body.utf8))
        #expect(
            VaultError(response, path: "secret/x").description
                == "secret/x: permission denied (403): 1 error occurred: * permission denied ; second")
    }
}
