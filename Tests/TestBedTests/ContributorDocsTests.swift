import Foundation
import Glibc
import TestBed
import Testing

@Suite("ARCHITECTURE.md and CONTRIBUTING.md")
struct ContributorDocsTests {
    private static func text(_ name: String) throws -> String {
        try String(contentsOf: Tools.checkout.appending(path: name), encoding: .utf8)
    }

    @Test("every path in backticks exists", arguments: ["ARCHITECTURE.md", "CONTRIBUTING.md"])
    func paths(page: String) throws {
        let paths = Self.paths(in: try Self.text(page))
        #expect(paths.count > 10)
        #expect(paths.filter { !Self.exists($0) } == [])
    }

    @Test("every target of Package.swift has one row in the table of targets, with its folder")
    func targets() throws {
        let declaration = #/\.(?:target|testTarget|executableTarget|systemLibrary)\(\s*name: "([^"]+)"/#
        let targets = try Self.text("Package.swift").matches(of: declaration).map { String($0.1) }
        let section = try #require(
            try Self.text("ARCHITECTURE.md").components(separatedBy: "\n## ").first {
                $0.hasPrefix("Targets\n")
            })
        let rows = section.matches(of: #/\n\| `([^`]+)` \| `([^`]+)` \|/#)
        #expect(!targets.isEmpty)
        #expect(rows.map { String($0.1) }.sorted() == targets.sorted())
        for row in rows where row.1 != "bench" && row.1 != "fuzz" {
            #expect(row.2.split(separator: "/").last == row.1)
        }
    }

    @Test("a missing path is found, and other words in backticks are not paths")
    func reading() {
        let page = """
            See `Sources/Missing/File.swift`, `Missing.md`, `scripts/demo --once` and `Sources/*/FNV1a.swift`, but not
            `Configuration`, `/status`, `--flag`, `$work/audit.log`, `vault-ingress.io/affinity` or `a b/c`.

                `Sources/in-an-example`
            """
        let paths = Self.paths(in: page)
        #expect(paths == ["Sources/Missing/File.swift", "Missing.md", "scripts/demo", "Sources/*/FNV1a.swift"])
        #expect(paths.map(Self.exists) == [false, false, true, true])
    }

    /// The spans in backticks, outside of examples, whose first word is a path relative to the checkout: it has a slash
    /// or the extension of a source or documentation file. Words such as `/status`, `$work/state` and names with a
    /// domain (`networking.k8s.io/v1`) are not paths.
    private static func paths(in page: String) -> [String] {
        let isPath = #/\.?[\w*+-]+/[\w*+./-]*|[\w+.-]+\.(?:md|swift|mustache|yaml)/#
        return page.split(separator: "\n").filter { !$0.hasPrefix("    ") }
            .flatMap { $0.matches(of: #/`([^`]+)`/#).map(\.1) }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { $0.wholeMatch(of: isPath) != nil }
    }

    /// Whether a path, or a pattern with `*` (glob(7)), names a file or folder of the checkout.
    private static func exists(_ path: String) -> Bool {
        var found = glob_t()
        defer { globfree(&found) }
        return glob(Tools.checkout.appending(path: path).path, 0, nil, &found) == 0
    }
}
