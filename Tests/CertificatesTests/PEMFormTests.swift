import Basics
import Foundation
import Testing

@testable import Certificates

/// A certificate with its intermediate and its key in a form in which people store them.
private struct Form: CustomTestStringConvertible {
    let name: String
    /// The names of the corrections; nil for plain PEM.
    let forms: String?
    let write: @Sendable (String) -> [UInt8]

    var testDescription: String { name }

    init(_ name: String, _ forms: String?, _ write: @escaping @Sendable (String) -> String) {
        self.init(name, forms, bytes: { Array(write($0).utf8) })
    }

    init(_ name: String, _ forms: String?, bytes: @escaping @Sendable (String) -> [UInt8]) {
        self.name = name
        self.forms = forms
        write = bytes
    }
}

private func base64(_ text: String, _ options: Data.Base64EncodingOptions = []) -> String {
    Data(text.utf8).base64EncodedString(options: options)
}

private func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
    text.utf16.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
}

private let lines = "spaces or nothing instead of line endings"
private let escapes = #"escaped characters, such as \n for a line ending"#
private let unusual = "tabs, non-breaking or other unusual spaces"

@Suite("Forms of certificates and keys")
struct PEMFormTests {
    private static let readable = [
        Form("PEM", nil) { $0 },
        Form("no line ending after the last line", nil) { String($0.dropLast()) },
        Form("empty lines", nil) { "\n\n" + $0.replacingOccurrences(of: "-----\n", with: "-----\n\n") },
        Form("CRLF", "CR or CRLF line endings") { $0.replacingOccurrences(of: "\n", with: "\r\n") },
        Form("CR", "CR or CRLF line endings") { $0.replacingOccurrences(of: "\n", with: "\r") },
        Form("byte order mark", "a byte order mark") { "\u{FEFF}" + $0 },
        Form("text around", "text around the blocks") { "Bag Attributes\n    friendlyName: shop\n\($0)the end\n" },
        Form("comment", "text around the blocks") { "# issued by: CA, on 2026-01-01\n\($0)" },
        Form("indentation", "indentation") { $0.split(separator: "\n").map { "    \($0)\n" }.joined() },
        Form("first line indented", "indentation") { "  " + $0 },
        Form("trailing spaces", nil) { $0.replacingOccurrences(of: "\n", with: "  \n") },
        Form("tabs", "indentation, \(unusual)") { $0.split(separator: "\n").map { "\t\($0)\n" }.joined() },
        Form("non-breaking spaces", unusual) { $0.replacingOccurrences(of: " ", with: "\u{A0}") },
        Form("zero-width spaces", unusual) { "\u{200B}" + $0.replacingOccurrences(of: "\n", with: "\u{200B}\n") },
        Form("line separators", "indentation, \(unusual)") { $0.replacingOccurrences(of: "\n", with: "\n\u{2028}") },
        Form("quotation marks", "quotation marks") { "\"\($0)\"" },
        Form("single quotes", "quotation marks") { "'\($0)'" },
        Form("quoted lines of C", "\(escapes), indentation, quotation marks") {
            $0.split(separator: "\n").map { "  \"\($0)\\n\"\n" }.joined()
        },
        Form("list of JSON", "\(escapes), quotation marks, text around the blocks") {
            "[\"\($0.replacingOccurrences(of: "\n", with: "\\n"))\"]"
        },
        Form("escaped line endings", escapes) { $0.replacingOccurrences(of: "\n", with: "\\n") },
        Form("escaped CRLF", escapes) { $0.replacingOccurrences(of: "\n", with: "\\r\\n") },
        Form("escaped twice", escapes) { $0.replacingOccurrences(of: "\n", with: "\\\\n") },
        Form("escaped slashes and equals signs", escapes) {
            $0.replacingOccurrences(of: "/", with: "\\/").replacingOccurrences(of: "=", with: "\\u003d")
        },
        Form("lines of a shell", escapes) { $0.replacingOccurrences(of: "\n", with: "\\\n") },
        Form("spaces instead of line endings", lines) { $0.replacingOccurrences(of: "\n", with: " ") },
        Form("line endings instead of spaces", nil) { $0.replacingOccurrences(of: " ", with: "\n") },
        Form("no white space at all", "\(lines), blocks without a line ending between them") {
            $0.filter { !$0.isWhitespace }
        },
        Form("base64 in one line", lines) {
            $0.components(separatedBy: "-----").enumerated().map { index, part in
                part.hasPrefix("\n") ? "\n\(part.filter { $0 != "\n" })\n" : part
            }.joined(separator: "-----")
        },
        Form("URL-safe base64", "the URL-safe alphabet of base64") {
            $0.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        },
        Form("base64", "base64 of the whole value") { base64($0) },
        Form("base64 with line endings", "base64 of the whole value") {
            base64($0, [.lineLength64Characters, .endLineWithLineFeed])
        },
        Form("base64 with escaped line endings", "base64 of the whole value, \(escapes)") {
            base64($0, [.lineLength76Characters, .endLineWithLineFeed]).replacingOccurrences(of: "\n", with: "\\n")
        },
        Form("quoted base64", "base64 of the whole value, quotation marks") { "\"\(base64($0))\"" },
        Form("URL-safe base64 of the whole", "base64 of the whole value") {
            base64($0).replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        },
        Form("base64 twice", "base64 of the whole value") { base64(base64($0)) },
        Form("base64 of CRLF", "base64 of the whole value, CR or CRLF line endings") {
            base64($0.replacingOccurrences(of: "\n", with: "\r\n"))
        },
        Form(
            "UTF-16 with a byte order mark", "UTF-16, a byte order mark",
            bytes: { utf16("\u{FEFF}" + $0, isLittle: true) }),
        Form("UTF-16, big endian", "UTF-16", bytes: { utf16($0, isLittle: false) }),
        Form("base64 of UTF-16, as PowerShell writes it", "base64 of the whole value, UTF-16, a byte order mark") {
            Data(utf16("\u{FEFF}" + $0, isLittle: true)).base64EncodedString()
        },
        Form("headers", "headers in a block") {
            $0.replacingOccurrences(of: "-----\nM", with: "-----\nComment: shop\nVersion: 1\n\nM")
        },
    ]

    private let chain: TestChain

    init() throws {
        chain = try TestChain()
    }

    @Test(
        "a form without doubt is read as the same certificate and key, with a note of what was found",
        arguments: readable)
    private func read(form: Form) throws {
        let plain = chain.leaf.pem + chain.intermediate.pem
        let expected = try CertificateBundle.parse(certificatePEM: plain, keyPEM: chain.key.pkcs8)
        for key in [chain.key.pkcs8, chain.key.traditional] {
            let found = try CertificateBundles.parse(
                CertificatePEM(
                    chain: form.write(String(decoding: plain, as: UTF8.self)),
                    key: Secret(form.write(String(decoding: key, as: UTF8.self)))))
            #expect(found.first == expected)
            let notes = Set(found.remarks.map(\.text))
            guard let forms = form.forms else {
                #expect(notes == [])
                continue
            }
            // The blocks of the key are one, and its base64 has fewer lines.
            #expect(
                notes.contains {
                    $0.hasPrefix("crt is not plain PEM: ") && Self.names($0).isSuperset(of: Self.names(forms))
                }, "\(notes)")
            #expect(found.remarks.allSatisfy { $0.kind == .note })
        }
    }

    private static func names(_ text: String) -> Set<String> {
        var found: Set<String> = []
        for form in PEMForm.allCases where text.contains(form.name) { found.insert(form.name) }
        return found
    }

    @Test("the note of each form names exactly what was found", arguments: readable)
    private func notes(form: Form) throws {
        let plain = String(decoding: chain.leaf.pem + chain.intermediate.pem, as: UTF8.self)
        let found = try form.write(plain).withUnsafeBytes { try PEMReader.read($0) }
        var names = Set(found.forms.map(\.name))
        // Whether the base64 has these characters depends on the certificate.
        if form.name.hasPrefix("URL-safe base64 of") { names.remove(PEMForm.urlSafeAlphabet.name) }
        if form.name == "escaped slashes and equals signs", !plain.contains("/"), !plain.contains("=") { return }
        if form.name == "URL-safe base64", !plain.contains("/"), !plain.contains("+") { return }
        #expect(names == Self.names(form.forms ?? ""))
        #expect(found.blocks.count == 2)
    }

    @Test("docs/certificates.md lists the forms and the fields")
    func documentation() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/certificates.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let section = lines.drop { $0 != "## Forms" }.prefix { $0 != "## Chains" }
        let rows = section.filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces) }
        #expect(rows == PEMForm.allCases.map(\.name))
        for names in [CertificatePEM.certificateNames, CertificatePEM.issuerNames, CertificatePEM.keyNames] {
            let cell = names.map { "`\($0)`" }.joined(separator: ", ")
            #expect(lines.contains { $0.hasSuffix("| \(cell) |") }, "\(cell)")
        }
    }

    @Test("two blocks in one line are two certificates, also if they share their dashes")
    func joined() throws {
        let leaf = String(decoding: chain.leaf.pem, as: UTF8.self).dropLast()
        let issuer = String(decoding: chain.intermediate.pem, as: UTF8.self)
        for text in ["\(leaf)\(issuer)", "\(leaf)\(issuer.dropFirst(5))", "\(leaf)\(issuer.dropFirst())"] {
            let found = try CertificateBundles.parse(
                CertificatePEM(chain: Array(text.utf8), key: Secret(chain.key.pkcs8)))
            #expect(found.first.chainPEM == chain.leaf.pem + chain.intermediate.pem)
            #expect(
                found.remarks.map(\.text) == [
                    "crt is not plain PEM: blocks without a line ending between them"
                ])
        }
    }

    @Test("an input of the largest size is read or rejected in a time that does not depend on its content")
    func linear() throws {
        let key = try TestKey().pkcs8
        let size = 256 * 1024
        let inputs = [
            "-", "-----BEGIN", "-----BEGIN A-----", "-----BEGIN A-----x-----END A-----", "A", " ", "\\", "QUFB", "0",
            "\"", "%2",
        ]
        let clock = ContinuousClock()
        let time = clock.measure {
            for input in inputs {
                let text = String(repeating: input, count: size / input.utf8.count)
                #expect(rejection(Array(text.utf8), key) != nil, "\(input)")
            }
        }
        // A quadratic scan of one input takes longer than this.
        #expect(time < .seconds(30))
    }
}
