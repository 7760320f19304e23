import Foundation
import TestBed

/// Validation lets nothing pass that nginx refuses with the shipped templates, as far as is known; so these have a line
/// that makes a regular expression of every path.
enum TrappedTemplates {
    /// - Returns: the path of the folder.
    static func make(folder: URL, name: String) throws -> String {
        let folder = folder.appending(path: "templates-\(name)")
        try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: folder)
        let location = folder.appending(path: "location.conf.mustache")
        let text = try String(contentsOf: location, encoding: .utf8)
        try text.replacing(
            "{{#isRouted}}\n{{#isAvailable}}",
            with: #"""
                {{#isRouted}}
                            if ($host ~ "{{path}}") {
                                break;
                            }
                {{#isAvailable}}
                """#
        ).write(to: location, atomically: true, encoding: .utf8)
        return folder.path
    }
}
