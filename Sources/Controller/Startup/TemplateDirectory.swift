internal import Foundation
public import NginxConfig

/// The folder of the templates.
public enum TemplateDirectory {
    /// Reads every `*.mustache` file of the folder.
    ///
    /// - Throws: `StartupError` for a folder or file that cannot be read, `TemplateError` for a template that is not
    ///   valid.
    public static func load(_ path: String) throws -> TemplateSet {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw StartupError("templates: cannot read the folder \(path); set --template-dir to another folder")
        }
        var sources: [String: String] = [:]
        for name in names where name.hasSuffix(".mustache") {
            do {
                sources[String(name.dropLast(".mustache".count))] = try String(
                    contentsOfFile: "\(path)/\(name)", encoding: .utf8)
            } catch {
                throw StartupError("templates: cannot read \(path)/\(name): expected a readable file with UTF-8 text")
            }
        }
        return try TemplateSet(sources: sources)
    }
}
