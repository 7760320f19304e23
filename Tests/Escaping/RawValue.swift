package import NginxConfig

/// A value with any text, which no type of the program permits.
package struct RawValue: ConfigurationValue {
    package let configurationText: String

    package init(_ text: String) { configurationText = text }
}

extension TemplateContext {
    /// The context with other values, which are visited in the order of their names.
    package func replacingValues(
        _ replacement: (TemplateName, any ConfigurationValue) -> any ConfigurationValue
    ) -> TemplateContext {
        var replaced: [TemplateName: TemplateField] = [:]
        for (name, field) in fields.sorted(by: { $0.name.rawValue < $1.name.rawValue }) {
            replaced[name] =
                switch field {
                case .value(let value): .value(replacement(name, value))
                case .flag: field
                case .list(let list): .list(list.map { $0.replacingValues(replacement) })
                case .lines(let lines, let cache): .lines(lines.map { $0.replacingValues(replacement) }, cache)
                }
        }
        // In the order of the original, by which lines are told apart.
        return TemplateContext(line: fields.map { ($0.name, replaced[$0.name] ?? $0.field) })
    }
}
