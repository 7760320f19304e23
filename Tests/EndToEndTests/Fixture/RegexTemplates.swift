import Foundation
import TestBed

/// Templates with which an Ingress can make nginx reject the configuration: a line uses every path as a regular
/// expression. With the shipped templates, validation accepts nothing that nginx is known to reject. They need
/// `--servers separate`: the lines of shared servers have no paths.
enum RegexTemplates {
    /// - Parameter includesHosts: whether hosts are used as character classes too.
    /// - Returns: the path of the folder.
    static func make(folder: URL, name: String, includesHosts: Bool = false) throws -> String {
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
        guard includesHosts else { return folder.path }
        let server = folder.appending(path: "server.conf.mustache")
        try String(contentsOf: server, encoding: .utf8).replacing(
            "        # The Ingress that owns the host, for the access log.\n",
            with: #"""
                        if ($host ~ "[{{host}}]") {
                            break;
                        }

                """#
        ).write(to: server, atomically: true, encoding: .utf8)
        return folder.path
    }
}
