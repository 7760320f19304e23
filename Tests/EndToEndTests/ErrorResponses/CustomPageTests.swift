import Foundation
import HTTPClient
import TestBed
import Testing

extension ErrorResponseTests {
    @Suite("Custom error pages")
    struct CustomPageTests {
        @Test("a page of 20 KB with every character that is special in nginx is served byte for byte")
        func large() async throws {
            let line = #"<p title='$host ${x} {} ; # \n \\ "quoted" é 漢 😀 </p>"# + "\t\n"
            let filler = String(repeating: line, count: 20_000 / line.utf8.count + 1)
            let folder = try TemporaryFolder.make("templates").appending(path: "templates")
            try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: folder)
            try "{{status}}|{{requestId}}|\(filler)|{{requestId}}{{#isNotFound}}|nothing here{{/isNotFound}}\n".write(
                to: folder.appending(path: "error_page.html.mustache"), atomically: true, encoding: .utf8)
            let site = try await ErrorSite.make(.oldest, templates: folder)
            for (host, status, end) in [("refused.test", 502, "\n"), ("nobody.test", 404, "|nothing here\n")] {
                let answer = try await site.answer(host, headers: ["Accept": "text/html", "X-Request-ID": "abc"])
                #expect(answer.status == status)
                #expect(answer.text == "\(status)|abc|\(filler)|abc\(end)")
            }
            await site.controller.stop()
        }
    }
}
