import Escaping
import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import TestBed
import Testing

@Suite("nginx accepts every value that the types accept")
struct AcceptanceTests {
    private func accepts(_ objects: HostileObjects, _ proof: RoutedProof, _ folder: URL) async throws {
        for (name, text) in proof.files(objects.snapshot) {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let file = folder.appending(path: GenerationFile.main).path
        try await ServerProcess.run(
            .init(try Tools.nginx, ["-t", "-q", "-e", "stderr", "-p", folder.path, "-c", file]), folder: folder)
    }

    @Test("random texts in all fields", arguments: 0..<4 as Range<UInt64>)
    func fields(seed: UInt64) async throws {
        let folder = try TemporaryFolder.make("accepts")
        let proof = try RoutedProof(folder: folder.path)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var objects = HostileObjects()
            var put: [String] = []
            for _ in 0..<6 {
                let field = HostileObjects.fields[Int.random(in: 0..<HostileObjects.fields.count, using: &generator)]
                let text = HostileText.next(&generator)
                put.append("\(field.name): \(text.debugDescription)")
                field.put(text, &objects)
            }
            await #expect(throws: Never.self, "\(put)") { try await accepts(objects, proof, folder) }
        }
    }

    @Test(
        "the longest and most unusual paths, in every form in which they are rendered",
        arguments: ["$", "\"", "\\", "!", "é", "a", " ", "{", ";", "'", "^"])
    func paths(piece: String) async throws {
        let folder = try TemporaryFolder.make("accepts")
        let proof = try RoutedProof(folder: folder.path)
        let path = "/" + String(repeating: piece, count: piece == "$" ? 31 : 511 / piece.utf8.count)
        var objects = HostileObjects()
        // Encoded, because as a prefix the characters of regular expressions are not literal.
        objects.ingress.spec.rules[0].paths[0].path =
            path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting(["$", "(", ")", "+", "*"]))
        objects.ingress.spec.rules[0].paths[1].path = path + (piece == "a" ? "" : "b").prefix(512 - path.utf8.count)
        objects.ingress.spec.rules[0].paths[1].pathType = "Exact"
        objects.ingress.metadata.annotations = [
            Annotation.rewritePrefix.name: path, Annotation.appRoot.name: path, Annotation.split.name: "web=1,web-v1=2",
        ]
        try await accepts(objects, proof, folder)
    }

    @Test("the largest Ingress that is accepted completely")
    func largest() async throws {
        let folder = try TemporaryFolder.make("accepts")
        let proof = try RoutedProof(folder: folder.path)
        var objects = HostileObjects()
        let rule = objects.ingress.spec.rules[0]
        objects.ingress.spec.rules = (0..<1000).map { number in
            var rule = rule
            // A name of maximum length, and wildcards, which each become a regular expression.
            let label = String(repeating: "a", count: 63)
            rule.host = (number % 2 == 0 ? "*." : "x.") + "h\(number)." + [label, label, label].joined(separator: ".")
            return rule
        }
        objects.ingress.metadata.annotations = [
            Annotation.allowFrom.name: (0..<256).map { "10.0.0.\($0)" }.joined(separator: ","),
            Annotation.rateLimit.name: "1", Annotation.rewritePrefix.name: "/x",
        ]
        try await accepts(objects, proof, folder)
    }

    @Test("names that were chosen to have one hash do not make nginx search for the size of its table in vain")
    func hash() async throws {
        let folder = try TemporaryFolder.make("hash")
        let proof = try RoutedProof(folder: folder.path)
        var objects = HostileObjects()
        let rule = objects.ingress.spec.rules[0]
        objects.ingress.spec.rules = (0..<200).map { number in
            var rule = rule
            // `c0` and `an` have one hash: 31 · 'c' + '0' = 31 · 'a' + 'n'.
            rule.host = "x" + (0..<8).map { number >> $0 & 1 == 0 ? "c0" : "an" }.joined() + ".example.com"
            return rule
        }
        for (name, text) in proof.files(objects.snapshot) {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let file = folder.appending(path: GenerationFile.main).path
        let output = try await ServerProcess.run(
            .init(try Tools.nginx, ["-t", "-e", "stderr", "-p", folder.path, "-c", file]), folder: folder)
        #expect(output.contains("syntax is ok"))
        #expect(!output.contains("could not build optimal"), "\(output)")
    }
}
