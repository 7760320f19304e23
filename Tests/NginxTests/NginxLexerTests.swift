import Escaping
import Foundation
import HTTPClient
import NginxLexer
import TestBed
import Testing

@Suite("The lexer equals nginx's parser")
struct NginxLexerTests {
    enum Nginx: CaseIterable {
        case oldest, current

        var path: String { get throws { try self == .oldest ? Tools.nginx : Tools.nginxCurrent } }
    }

    /// The value of `default` in a `geo` block, which is a single literal word; nil if the lexer reads something else.
    private static func value(_ bytes: [UInt8]) -> Result<[UInt8], NginxSyntaxError>? {
        do throws(NginxSyntaxError) {
            let statements = try NginxLexer.statements(
                of: Array("geo $x { default ".utf8) + bytes + Array(";\n}\n".utf8))
            guard statements.count == 3, statements[1].end == .simple, statements[1].words.count == 2,
                statements[1].name == "default", statements[2].end == .blockEnd
            else { return nil }
            return .success(statements[1].words[1])
        } catch {
            return .failure(error)
        }
    }

    private static let table: [(written: String, read: String?)] = [
        ("a", "a"), ("\"a b\"", "a b"), ("'a b'", "a b"), (#""a\"b""#, "a\"b"), (#""a\\""#, #"a\"#),
        (#""a\tb\nc\rd""#, "a\tb\nc\rd"),
        (#"a\;b"#, #"a\;b"#), (#"a\ b"#, #"a\ b"#), (#""a\xb""#, #"a\xb"#), ("a{b", nil), ("${a}b", "${a}b"),
        ("a${b}", "a${b}"),
        ("\"${a\"", "${a"), ("a\"b", "a\"b"), ("a'b", "a'b"), ("a#b", "a#b"), ("#a\nb", "b"), ("\"a\"b", nil),
        ("\"a\";", nil),
        ("\"a", nil), ("\"a\\\"", nil), ("a}", "a}"), ("}", nil), (";", nil), ("\"\"", ""), ("a\u{0}b", "a\u{0}b"),
        ("\"é漢😀\"", "é漢😀"), ("$", "$"), ("\\", nil), ("\\\"a", "\"a"), ("\"a\r\nb\"", "a\r\nb"),
        ("\"" + String(repeating: "a", count: 4000) + "\"", String(repeating: "a", count: 4000)),
    ]

    @Test("words are read as nginx reads them", arguments: Self.table.indices)
    func words(index: Int) throws {
        let (written, read) = Self.table[index]
        let found = try? Self.value(Array(written.utf8))?.get()
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == read)
    }

    @Test("nginx rejects what the lexer rejects, and reads the same words", arguments: Nginx.allCases)
    func agreement(nginx: Nginx) async throws {
        let folder = try TemporaryFolder.make("lexer")
        var generator = SeededGenerator(seed: 1)
        var inputs = Self.table.map { Array($0.written.utf8) }
        for _ in 0..<120 {
            let text = HostileText.next(&generator)
            inputs.append(Array(text.utf8))
            inputs.append(Array("\"\(text)\"".utf8))
        }
        // Sizes around that of the buffer.
        for length in 4085...4110 {
            inputs.append(Array("\"\(String(repeating: "x", count: length))\"".utf8))
            inputs.append(Array(String(repeating: "x", count: length).utf8))
            inputs.append(Array("#\(String(repeating: "x", count: length))\ny".utf8))
        }
        var readable: [(written: [UInt8], read: [UInt8])] = []
        for input in inputs {
            switch Self.value(input) {
            // Several words or none: nginx's reaction depends on the directive.
            case nil: continue
            case .success(let word): readable.append((input, word))
            case .failure:
                let geo = Array("geo $x { default ".utf8) + input + Array(";\n}\n".utf8)
                await #expect(throws: BedError.self, "\(String(decoding: input, as: UTF8.self).debugDescription)") {
                    try await Self.test(geo, nginx, folder)
                }
            }
        }
        #expect(readable.count > 50)
        try await Self.compare(readable, nginx, folder)
    }

    /// Reads all words from one nginx.
    private static func compare(_ words: [(written: [UInt8], read: [UInt8])], _ nginx: Nginx, _ folder: URL)
        async throws
    {
        let socket = folder.appending(path: "nginx.sock").path
        var http: [UInt8] = []
        var server = Array("server { listen unix:\(socket); default_type text/plain;\n".utf8)
        for (number, word) in words.enumerated() {
            http += Array("geo $x\(number) { default ".utf8) + word.written + Array(";\n}\n".utf8)
            server += Array("location = /\(number) { return 200 $x\(number); }\n".utf8)
        }
        let configuration = try write(http + server + Array("}\n".utf8), folder)
        let process = try await ServerProcess(
            "lexer-nginx", .init(try nginx.path, ["-e", "stderr", "-p", folder.path, "-c", configuration]),
            folder: folder)
        try await process.ready("nginx answers") {
            try await HTTP.send(HTTPRequest(url: "http://localhost/0", unixSocket: socket)).status == 200
        }
        for (number, word) in words.enumerated() {
            let answer = try await HTTP.send(HTTPRequest(url: "http://localhost/\(number)", unixSocket: socket))
            #expect(answer.body == word.read, "\(String(decoding: word.written, as: UTF8.self).debugDescription)")
        }
        await process.stop()
    }

    private static func test(_ http: [UInt8], _ nginx: Nginx, _ folder: URL) async throws {
        try await ServerProcess.run(
            .init(try nginx.path, ["-t", "-q", "-e", "stderr", "-p", folder.path, "-c", try write(http, folder)]),
            folder: folder)
    }

    private static func write(_ http: [UInt8], _ folder: URL) throws -> String {
        let file = folder.appending(path: "nginx.conf")
        let text =
            Array("daemon off; master_process off; pid nginx.pid; events {}\nhttp { access_log off;\n".utf8) + http
        try Data(text + Array("}\n".utf8)).write(to: file)
        return file.path
    }
}
