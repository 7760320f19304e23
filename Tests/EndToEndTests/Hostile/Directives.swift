import NginxLexer

/// The names of all directives in a configuration. A line of a map is not one: it begins with a host.
func directives(in text: String) throws -> Set<String> {
    var blocks: [String] = []
    var names: Set<String> = []
    for statement in try NginxLexer.statements(of: text) {
        let isLineOfMap = blocks.last == "map" && statement.words.count == 2
        switch statement.end {
        case .blockEnd: _ = blocks.popLast()
        case .blockStart: blocks.append(statement.name)
        case .simple: if isLineOfMap { continue }
        }
        if statement.end != .blockEnd { names.insert(statement.name) }
    }
    return names
}
