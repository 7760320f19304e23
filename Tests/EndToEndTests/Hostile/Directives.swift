import NginxLexer

/// The names of the directives of a configuration.
func directives(in text: String) throws -> Set<String> {
    Set(try NginxLexer.statements(of: text).filter { $0.end != .blockEnd }.map(\.name))
}
