import Foundation
import TestBed
import Testing

/// The user documentation quotes log messages and metrics as the code writes them.
@Suite("Quotations in the documentation")
struct QuotationTests {
    private static func text(_ name: String) throws -> String {
        try String(contentsOf: Tools.checkout.appending(path: name), encoding: .utf8)
    }

    private static let sources = Shared {
        let folder = Tools.checkout.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    @Test("each log message in docs/reliability.md is in the code")
    func logMessages() async throws {
        let sources = try await Self.sources.get()
        let section = try #require(
            try Self.text("docs/reliability.md").components(separatedBy: "\n## ").first { $0.hasPrefix("Faults\n") })
        // The third column; a cell with the prefix `nginx:` quotes nginx.
        let cells = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.components(separatedBy: " | ") }.filter { $0.count == 5 && !$0[2].hasPrefix("nginx: ") }.map {
                $0[2]
            }
        let messages = cells.flatMap { $0.matches(of: #/`([^`]+)`/#).map { String($0.1) } }
        #expect(messages.count >= 10)
        for message in messages {
            // An ellipsis stands for values.
            for part in message.components(separatedBy: "…").map({ $0.trimmingCharacters(in: .whitespaces) })
            where part.count > 3 && !part.hasPrefix(": ") {
                #expect(sources.contains(part), "\(message)")
            }
        }
    }

    @Test("each metric in README.md and docs/ is in the code", arguments: ["README.md", "docs/reliability.md"])
    func metrics(page: String) async throws {
        let sources = try await Self.sources.get()
        // The affinity cookie has the same prefix.
        let names = try Self.text(page).matches(of: #/vault_ingress_([a-z_]+)/#).map { String($0.1) }
            .filter { $0 != "affinity" && !$0.isEmpty }
        #expect(!names.isEmpty)
        for name in names { #expect(sources.contains("\"\(name)\""), "vault_ingress_\(name)") }
    }
}
