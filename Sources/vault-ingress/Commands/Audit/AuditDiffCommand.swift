internal import ArgumentParser
internal import Audit
internal import Controller
internal import Foundation
internal import NginxConfig
internal import Routing

/// What two generations differ in.
struct AuditDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "The difference of two generations, as diff -u.",
        discussion: "The last ten generations are there.")

    @Argument(help: "The number of a generation.")
    var old: String
    @Argument(help: "The number of another.")
    var new: String
    @Option(help: "Folder of everything nginx runs on (default: /run/vault-ingress). [STATE_DIR]")
    var stateDir: String?

    func run() async throws {
        let reader = SettingReader(environment: ProcessInfo.processInfo.environment)
        let state =
            try reader.read(stateDir, flag: "--state-dir", variable: "STATE_DIR", parse: AbsolutePath.init)
            ?? AbsolutePath("/run/vault-ingress")
        let numbers = try [(old, "A"), (new, "B")].map { text, name in
            try reader.read(text, flag: name, variable: "", parse: Parsing.number(1...999_999_999)) ?? 0
        }
        let folder = "\(state)/generations"
        let sides = try numbers.map { try files(of: $0, in: folder) }
        for name in Set(sides[0].files.keys).union(sides[1].files.keys).sorted() {
            FileOutput.standardOutput.write(
                UnifiedDiff.text(
                    old: sides[0].files[name], oldName: "\(sides[0].name)/\(name)", new: sides[1].files[name],
                    newName: "\(sides[1].name)/\(name)"))
        }
    }

    private func files(of number: Int, in folder: String) throws -> (name: String, files: [String: String]) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw StartupError("cannot read \(folder)")
        }
        guard let name = names.first(where: { Int($0) == number }) else {
            let found = names.compactMap { Int($0) }.sorted()
            let list = found.isEmpty ? "none" : "\(found[0]) to \(found[found.count - 1])"
            throw StartupError("no generation \(number) in \(folder): found \(list)")
        }
        var files: [String: String] = [:]
        // The marker only holds the number.
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
        where file != GenerationFile.marker && file != GenerationFile.configuration {
            files[file] = try String(contentsOfFile: "\(folder)/\(name)/\(file)", encoding: .utf8)
        }
        return (name, files)
    }
}
