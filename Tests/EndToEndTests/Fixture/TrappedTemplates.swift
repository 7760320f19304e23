import Foundation
import TestBed

/// Validation lets nothing pass that nginx refuses with the shipped templates, as far as is known; so these have a line
/// that makes a regular expression of every path.
enum TrappedTemplates {
    /// - Parameter trapsHosts: whether hosts are made character classes, too.
    /// - Returns: the path of the folder.
    static func make(folder: URL, name: String, trapsHosts: Bool = false) throws -> String {
        let folder = folder.appending(path: "templates-\(name)")
        try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: folder)
        let location = folder.appending(path: "location.conf.mustache")
        let text = try String(contentsOf: location, encoding: .utf8)
        try text.replacing(
            "{{#isRouted}}\n{{#isAvailable}}",
            with: #"""
                {{#isRouted}}
                            if ($host ~ "{{location}}") {
                                break;
                            }
                {{#isAvailable}}
                """#
        ).write(to: location, atomically: true, encoding: .utf8)
        guard trapsHosts else { return folder.path }
        let server = folder.appending(path: "server.conf.mustache")
        try String(contentsOf: server, encoding: .utf8).replacing(
            "        # The Ingress that owns the host.\n",
            with: #"""
                        if ($host ~ "[{{serverName}}]") {
                            break;
                        }

                """#
        ).write(to: server, atomically: true, encoding: .utf8)
        return folder.path
    }
}
