/// The sections of the templates that have a line for each host or path.
enum LineSections {
    private static let names = ["sharedHosts", "hostUpstreams", "certificateNames", "exactPaths", "rules"]
    /// What a line may use: its own variables, and a content type.
    private static let tags: Set<Substring> = [
        "host", "owner", "address", "split", "blueGreen", "rulePath", "isNotFound", "%CONTENT_TYPE:NGINX",
        "%CONTENT_TYPE:NGINX_NAME",
    ]

    /// - Parameter template: the text of a template.
    static func arePlain(in template: String) -> Bool {
        names.allSatisfy { name in
            var rest = template[...]
            while let opening = rest.firstRange(of: "{{#\(name)}}") {
                rest = rest[opening.upperBound...]
                guard let closing = rest.firstRange(of: "{{/\(name)}}") else { return false }
                let section = rest[..<closing.lowerBound]
                guard section.matches(of: #/\{\{[#^/]?([^}]*)\}\}/#).allSatisfy({ tags.contains($0.1) }) else {
                    return false
                }
                rest = rest[closing.upperBound...]
            }
            return true
        }
    }
}
