internal import ArgumentParser
internal import Audit
internal import Controller
internal import Foundation
internal import NginxConfig
internal import Routing

struct AuditDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show the differences between two generations, in the format of diff -u.",
        discussion: "The last ten generations are kept.")

    /// The skipped files: generation.conf has only the number, and generation.json repeats the other files.
    static let skipped: Set<String> = [GenerationFile.marker, GenerationFile.configuration]

    /// A state folder that was copied may have any path, because no socket in it is used.
    private static let stateDir = Settings.stateDir.parsed(by: AbsolutePath.init)

    @Argument(help: "The number of a generation.")
    var old: String
    @Argument(help: "The number of another generation.")
    var new: String
    @Option(Self.stateDir) var stateDir: String?

    func run() async throws {
        var reader = SettingReader(environment: ProcessInfo.processInfo.environment)
        let state = try reader.value(Self.stateDir, stateDir)
        let numbers = try [(old, "<old>"), (new, "<new>")].map { text, name in
            try SettingReader.parse(text, of: name, Parsing.number(1...999_999_999))
        }
        let folder = "\(state)/generations"
        let sides = try numbers.map { try Self.files(of: $0, in: folder) }
        for name in Set(sides[0].files.keys).union(sides[1].files.keys).sorted() {
            FileOutput.standardOutput.write(
                UnifiedDiff.text(
                    old: sides[0].files[name], oldName: "\(sides[0].name)/\(name)", new: sides[1].files[name],
                    newName: "\(sides[1].name)/\(name)"))
        }
    }

    /// - Returns: the name of the generation's folder, and its files by name.
    static func files(of number: Int, in folder: String) throws -> (name: String, files: [String: String]) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw StartupError("cannot read \(folder): expected a state folder with generations; set --state-dir")
        }
        guard let name = names.first(where: { Int($0) == number }) else {
            let found = names.compactMap { Int($0) }.sorted()
            let list = found.isEmpty ? "none" : "\(found[0]) to \(found[found.count - 1])"
            throw StartupError("no generation \(number) in \(folder): found \(list)")
        }
        var files: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
        where !skipped.contains(file) {
            files[file] = try String(contentsOfFile: "\(folder)/\(name)/\(file)", encoding: .utf8)
        }
        return (name, files)
    }
}
