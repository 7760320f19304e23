import Escaping
import Foundation
import FuzzInputs
import Testing

@Suite("Fuzzer corpus")
struct CorpusTests {
    @Test("no input of the corpus escapes its argument")
    func corpus() throws {
        let proof = try RoutedProof()
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/Corpus")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 50)
        for name in names {
            let input = Array(try Data(contentsOf: folder.appending(path: name)))
            #expect(throws: Never.self, "\(name)") { try proof.check(FuzzInput.snapshot(input)) }
        }
    }
}
