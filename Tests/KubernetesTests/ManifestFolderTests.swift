import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct ManifestFolderTests {
    private func service(_ name: String, type: String = "ClusterIP") -> String {
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: \(name)}\nspec: {type: \(type)}\n"
    }

    private func reading(_ name: String, _ text: String, at seconds: Int = 1) -> ManifestFolder.Reading {
        .init(name: name, content: .success(.init(bytes: text.bytes, modified: Date(seconds))))
    }

    private func names(_ update: ManifestFolder.Update) -> [String] { update.objects.map(\.metadata.name) }

    @Test("an invalid file is reported once, keeps its last valid content, and its repair is reported")
    func broken() {
        var folder = ManifestFolder()
        #expect(
            names(folder.update([reading("a.yaml", service("a")), reading("b.yaml", service("b"))])) == ["a", "b"])

        let broken = folder.update([reading("a.yaml", "a: ["), reading("b.yaml", service("c"))])
        #expect(names(broken) == ["a", "c"])
        #expect(broken.problems.map(\.file) == ["a.yaml"])
        #expect(folder.update([reading("a.yaml", "a: ["), reading("b.yaml", service("c"))]).problems == [])

        let repaired = folder.update([reading("a.yaml", service("d")), reading("b.yaml", service("c"))])
        #expect(names(repaired) == ["d", "c"])
        #expect(repaired.repaired == ["a.yaml"])
    }

    @Test("a file restored to its last valid content is repaired")
    func undo() {
        var folder = ManifestFolder()
        _ = folder.update([reading("a.yaml", service("a"))])
        _ = folder.update([reading("a.yaml", "a: [")])
        let undone = folder.update([reading("a.yaml", service("a"))])
        #expect(undone.repaired == ["a.yaml"])
        #expect(names(undone) == ["a"])
    }

    @Test("a file that cannot be read keeps its last content; a deleted file does not")
    func unreadable() {
        var folder = ManifestFolder()
        _ = folder.update([reading("a.yaml", service("a"))])
        let denied = folder.update([.init(name: "a.yaml", content: .failure(.init(reason: "Permission denied")))])
        #expect(names(denied) == ["a"])
        #expect(denied.problems.map(\.description) == ["a.yaml: Permission denied"])
        #expect(names(folder.update([])) == [])
    }

    @Test("an edit does not change the creation time of an object")
    func age() {
        var folder = ManifestFolder()
        _ = folder.update([reading("a.yaml", service("a"), at: 100)])
        let edited = folder.update([
            reading("a.yaml", service("a", type: "NodePort") + service("new"), at: 200)
        ])
        #expect(edited.objects.map(\.metadata.creationTimestamp) == [Date(100), Date(200)])
    }

    @Test("a duplicate is reported once, and used when the first definition is deleted")
    func duplicates() {
        var folder = ManifestFolder()
        let both = [reading("2.yaml", service("a", type: "Two")), reading("1.yaml", service("a", type: "One"))]
        #expect(folder.update(both).problems.map(\.file) == ["2.yaml"])
        #expect(folder.update(both).problems == [])
        guard case .service(let service) = folder.update([both[0]]).objects.first else {
            Issue.record("nothing took over")
            return
        }
        #expect(service.type == "Two")
    }
}
