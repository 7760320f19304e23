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

    @Test(
        "no input of the corpora breaks a rule of the scanner of responses, or of the reader of certificates",
        arguments: [("ScannerCorpus", ScannerProof.check), ("PEMCorpus", PEMProof.check)]
            as [(String, @Sendable ([UInt8]) throws -> Void)])
    func readers(corpus: String, check: @Sendable ([UInt8]) throws -> Void) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/\(corpus)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 10)
        for name in names {
            let input = Array(try Data(contentsOf: folder.appending(path: name)))
            #expect(throws: Never.self, "\(name)") { try check(input) }
            // The inputs of the fuzzer that find most: a part of a valid one, and one with a damaged byte.
            for position in stride(from: 0, to: input.count, by: max(1, input.count / 64)) {
                #expect(throws: Never.self, "\(name), first \(position)") { try check(Array(input[..<position])) }
                var damaged = input
                damaged[position] ^= 0x15
                #expect(throws: Never.self, "\(name), damaged at \(position)") { try check(damaged) }
            }
        }
    }
}
