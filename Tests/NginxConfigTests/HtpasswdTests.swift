import NginxConfig
import Routing
import Testing

@Suite("Htpasswd files")
struct HtpasswdTests {
    private static let bcrypt = "$2y$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu"

    private func problem(_ text: String) -> String? {
        do throws(Htpasswd.Problem) {
            _ = try Htpasswd(htpasswd: Array(text.utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "a hash that every nginx can check is valid",
        arguments: [
            bcrypt, "$2a$04$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
            "$2b$10$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
            "$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91", "$1$QYweINv8$TK/wGT7yUXsCjFRMjIe/F0",
            "$5$sGDdNi1tKF90lNpo$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3",
            "$6$LaWKQ9RL4k6CvK/B$cNGb9uIgzCybghyZABXxBiJ1LvoZnr8JNjqA..aXDlod2d.Eo0Saq0/Rkb5EfeV6q8VP7UIOE8.SbImld2lGL.",
            "$6$rounds=10000$abcdefghijklmnop$/DLXSR0AwTTVtTgqpDcLIuuueo5wojnf/.4wE.4jd3hTrZMLU3/SLwePFpy2DZuPBWjuA4uLUJUchAtsflBZJ0",
            "{SSHA}xrjshO1rs3JoM3gxPz59O+la8RdMtYoX3jAZCQ==",
        ])
    func accepted(hash: String) throws {
        #expect(try Htpasswd(htpasswd: Array("anna:\(hash)\n".utf8)).text == "anna:\(hash)\n")
    }

    @Test(
        "a hash that is invalid or reveals the password is rejected by its line",
        arguments: [
            "", "geheim", "{PLAIN}geheim", "{SHA}kGByAB793z4R5tK1eC9Hd/4Dhzk=", "abOkmxXhjDb.Y", "*", "!", "x",
            "$y$j9T$abcdefghijklmnopqrstu.$9ew4f5e.f1mWrXzPLkW6jd9EYRp4kW/kk1MCOaQvdpB", "{SSHA}", "{SSHA}AAAA",
            "{SSHA}not base 64", "$2y$03$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
            "$2y$32$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu", "$2y$05$short",
            "$2x$05$" + bcrypt.dropFirst(7),
            "$6$abc$short", "$5$rounds=0999$abc$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3",
            "$6$abc$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3", bcrypt + "x", " " + bcrypt,
        ])
    func rejected(hash: String) throws {
        let text = try #require(problem("anna:\(Self.bcrypt)\nberta:\(hash)\n"))
        #expect(text.hasPrefix("line 2: expected a hash of bcrypt with a cost up to 10"))
        #expect(hash.count < 7 || !text.contains(hash))
    }

    private static let expensive = [
        "$2y$11$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
        "$2b$31$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
        "$5$rounds=20001$abc$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3",
        "$5$rounds=999999999$abc$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3",
    ]

    @Test(
        "a hash that takes long to check is skipped with its line; the other accounts can log in", arguments: expensive)
    func skipped(hash: String) throws {
        let text = "# users\nanna:\(Self.bcrypt)\nberta:\(hash)\ncora:\(Self.bcrypt)\n"
        let file = try Htpasswd(htpasswd: Array(text.utf8))
        #expect(file.text == "anna:\(Self.bcrypt)\ncora:\(Self.bcrypt)\n")
        #expect(file.skippedLines == [3])
        let twice = problem("berta:\(hash)\nanna:\(Self.bcrypt)\nberta:\(Self.bcrypt)")
        #expect(twice?.hasPrefix("line 3: expected each user name only once") == true)
    }

    @Test("a file in which every hash takes long to check is rejected", arguments: expensive)
    func allSkipped(hash: String) throws {
        let text = try #require(problem("# users\nanna:\(hash)\nberta:\(hash)\n"))
        #expect(text.hasPrefix("line 2: expected a hash of bcrypt with a cost up to 10") && !text.contains("anna"))
    }

    @Test(
        "a line has a unique name and no control characters; no message shows it",
        arguments: [
            ("secretname", "NAME:HASH"), (":\(bcrypt)", "NAME:HASH"),
            ("\(String(repeating: "secretname", count: 26)):\(bcrypt)", "at most 255 bytes"),
            ("secret\u{1}name:\(bcrypt)", "no control characters"), ("secretname\t:\(bcrypt)", "no control characters"),
            ("secret\rname:\(bcrypt)", "no control characters"), ("secretname:\(bcrypt)\u{0}", "no control characters"),
            ("anna:\(bcrypt)", "each user name only once"),
        ])
    func lines(line: String, expected: String) throws {
        let text = try #require(problem("anna:\(Self.bcrypt)\n\(line)\n"))
        #expect(text.hasPrefix("line 2: expected ") && text.contains(expected), "\(text)")
        #expect(!text.contains("secretname") && !text.contains("anna"))
    }

    @Test("comments, empty lines, CRLF and third fields are dropped; without lines every request is denied")
    func tidied() throws {
        let text = "# users\r\n\r\nanna:\(Self.bcrypt):Anna B.\r\n\nbörte:\(Self.bcrypt)"
        #expect(
            try Htpasswd(htpasswd: Array(text.utf8)).text == "anna:\(Self.bcrypt)\nbörte:\(Self.bcrypt)\n")
        #expect(try Htpasswd(htpasswd: Array("# nobody".utf8)).text == "")
        #expect(try Htpasswd(htpasswd: []).text == "")
    }

    @Test("a long file is rejected")
    func size() {
        #expect(problem(String(repeating: "#", count: 65536)) == nil)
        #expect(problem(String(repeating: "#", count: 65537)) == "expected at most 65536 bytes, found 65537")
    }

    @Test("no description shows names or hashes")
    func redacted() throws {
        let list = try Htpasswd(htpasswd: Array("anna:\(Self.bcrypt)".utf8))
        var dumped = ""
        dump(list, to: &dumped)
        for text in ["\(list)", String(reflecting: list), dumped] { #expect(!text.contains("anna")) }
    }
}

@Suite("Rendering of basic auth")
struct BasicAuthRenderingTests {
    private func lines(_ basicAuth: BasicAuth?) throws -> (lines: [String], files: RenderedConfiguration) {
        var host = try host("a.example.com", [prefix("/")])
        host.settings.basicAuth = basicAuth
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        let files = renderer.render(Configuration(table: RoutingTable(hosts: [host])))
        return (server(named: "a.example.com", in: files.main), files)
    }

    @Test("a host with an htpasswd file requires a password in every location, and is listed")
    func users() throws {
        let (lines, files) = try lines(.users(try VaultPath("secret/basic-auth/shop/admin")))
        let line = try #require(lines.firstIndex(of: #"auth_basic "a.example.com";"#))
        #expect(
            lines[line + 1]
                == #"auth_basic_user_file "/tmp/vault-ingress/users/secret,basic-auth,shop,admin";"#)
        #expect(line < lines.firstIndex { $0.hasPrefix("location") } ?? 0)
        #expect(files.listings["routes.txt"]?.contains("basic-auth=secret/basic-auth/shop/admin") == true)
    }

    @Test("a host without a usable htpasswd file answers 503 before any location is chosen")
    func nobody() throws {
        let (lines, files) = try lines(.nobody)
        let closed = try #require(lines.firstIndex(of: "return 503;"))
        #expect(closed < lines.firstIndex { $0.hasPrefix("location") } ?? 0)
        #expect(files.listings["routes.txt"]?.contains("basic-auth=nobody") == true)
    }

    @Test("a host without basic auth has no directives for it")
    func open() throws {
        let (lines, files) = try lines(nil)
        #expect(!lines.contains { $0.contains("auth_basic") } && !lines.contains("return 503;"))
        #expect(files.listings["routes.txt"]?.contains("users=") == false)
    }
}
