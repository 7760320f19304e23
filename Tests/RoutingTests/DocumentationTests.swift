import Foundation
import KubernetesAPI
import Routing
import Testing

@Suite("docs/annotations.md and docs/labels.md")
struct DocumentationTests {
    private func rows(_ page: String) throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(page).md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("| `") }
    }

    @Test("list every annotation as the code describes it")
    func annotations() throws {
        let expected = Annotation.sorted.map { annotation in
            let description = annotation.description
            let cells = [
                "`\(annotation.name)`", description.effect, description.type, description.defaultValue,
                "`\(description.example)`",
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        #expect(try rows("annotations") == expected)
    }

    @Test("list every label as the code describes it")
    func labels() throws {
        let expected = IngressLabel.allCases.sorted { $0.rawValue < $1.rawValue }.map { label in
            let values = label.values.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(label.rawValue)` | \(values) | \(label.defaultValue) | `\(label.example)` |"
        }
        #expect(try rows("labels") == expected)
    }

    @Test("have a paragraph for every annotation")
    func paragraphs() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/annotations.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for annotation in Annotation.allCases { #expect(text.contains("**\(annotation.rawValue)**")) }
    }

    @Test("have examples that are valid")
    func examples() throws {
        let annotations = Dictionary(
            uniqueKeysWithValues: Annotation.allCases.map { ($0.name, $0.description.example) })
        let labels = Dictionary(uniqueKeysWithValues: IngressLabel.allCases.map { ($0.rawValue, $0.values[0]) })
        // The label means https, the example of the annotation is grpc.
        let ingress = ingress(
            "web", labels: labels.filter { $0.key != IngressLabel.httpsBackend.rawValue }, annotations: annotations,
            [rule("a.example.com", path("/", to: "webapp-v1"))])
        let names = ["webapp-v1", "webapp-v2", "webapp-v1-blue", "webapp-v1-green"]
        #expect(try route([ingress], services: names.map { service($0) }).rejections == [])
    }

    @Test("name existing tests: docs/security.md, docs/reliability.md", arguments: ["security", "reliability"])
    func namedTests(page: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let text = try String(contentsOf: root.appending(path: "docs/\(page).md"), encoding: .utf8)
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        let names = Set((files?.allObjects as? [URL] ?? []).map { $0.deletingPathExtension().lastPathComponent })
        let named = Set(text.matches(of: #/`(\w+Tests)`/#).map { String($0.1) })
        #expect(!named.isEmpty)
        #expect(named.subtracting(names).isEmpty)
    }
}
