import Audit
import Foundation
import Testing

@Suite("docs/audit.md")
struct DocumentationTests {
    /// Not described key by key: their keys are hosts or flags, or are described elsewhere on the page.
    private static let leaves: Set<String> = [
        "owners", "settings", "hosts[].certificate", "hosts[].cause", "certificate",
    ]

    @Test("the page has every key that is written, and no others")
    func keys() throws {
        let page = try documented()
        var written: [String: Set<String>] = [:]
        for record in LineTests.samples {
            let json = try line(1, sequence: 1, record).json()
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            for (key, value) in object {
                let section = ["event", "time", "pod", "sequence"].contains(key) ? "Every line" : record.event.rawValue
                written[section, default: []].formUnion(Self.paths(value, key))
            }
        }
        #expect(Set(page.keys) == Set(written.keys))
        for (section, keys) in written { #expect(page[section] == keys, "\(section)") }
    }

    private static func paths(_ value: Any, _ path: String) -> Set<String> {
        if leaves.contains(path) { return [path] }
        if let object = value as? [String: Any] {
            return object.reduce(into: []) { $0.formUnion(paths($1.value, "\(path).\($1.key)")) }
        }
        guard let list = value as? [Any] else { return [path] }
        return list.reduce(into: []) { $0.formUnion(paths($1, path + "[]")) }
    }

    /// The keys of the tables, by heading of the third level. Tables above the first one describe flags.
    private func documented() throws -> [String: Set<String>] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/audit.md")
        var found: [String: Set<String>] = [:]
        var section = ""
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("### ") { section = String(line.dropFirst(4)) }
            if !section.isEmpty, let match = line.prefixMatch(of: #/\| `([^`]+)` \|/#) {
                found[section, default: []].insert(String(match.1))
            }
        }
        return found
    }
}
