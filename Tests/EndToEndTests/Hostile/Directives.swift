import NginxLexer

/// The names of all directives in a configuration.
func directives(in text: String) throws -> Set<String> {
    Set(try NginxLexer.statements(of: text).filter { $0.end != .blockEnd }.map(\.name))
}
