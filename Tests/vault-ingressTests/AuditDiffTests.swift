import Foundation
import Testing

@testable import vault_ingress

@Suite("Differences between generations")
struct AuditDiffTests {
    @Test("the files of a generation are compared, except for its number and generation.json")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-diff-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let generation = folder.appending(path: "000041")
        try FileManager.default.createDirectory(at: generation, withIntermediateDirectories: true)
        for name in ["nginx.conf", "routes.txt", "generation.json", "generation.conf"] {
            try Data(name.utf8).write(to: generation.appending(path: name))
        }
        let (name, files) = try AuditDiffCommand.files(of: 41, in: folder.path)
        #expect(name == "000041")
        #expect(files == ["nginx.conf": "nginx.conf", "routes.txt": "routes.txt"])
    }
}
