internal import Mustache

/// The value of a variable. There is no case for plain text: only validated values can be rendered.
package enum TemplateField: Sendable {
    case value(any ConfigurationValue)
    case flag(Bool)
    case list([TemplateContext])
    /// A long list whose contexts have no lists. In the section, only their own variables are known.
    case lines([TemplateContext], LineCache)

    static func optional(_ value: (any ConfigurationValue)?) -> TemplateField {
        value.map { .value($0) } ?? .flag(false)
    }
}

/// The variables of a template at one level.
package struct TemplateContext: Sendable, MustacheParent {
    /// A list, because most contexts have few variables, and there is one for each line of a map.
    package let fields: [(name: TemplateName, field: TemplateField)]

    package init(_ fields: [TemplateName: TemplateField]) {
        self.fields = fields.map { ($0.key, $0.value) }
    }

    /// - Parameter fields: each name once.
    package init(line fields: [(name: TemplateName, field: TemplateField)]) {
        self.fields = fields
    }

    /// Equal for contexts that are rendered alike, if their variables are in the same order and none is a list.
    var key: String {
        var key = ""
        for (_, field) in fields {
            switch field {
            case .value(let value): key += value.configurationText
            case .flag(let flag): key += flag ? "\u{1}" : "\u{2}"
            case .list, .lines: break
            }
            key += "\0"
        }
        return key
    }

    /// Called by the template engine.
    func child(named name: String) -> Any? {
        guard let name = TemplateName.byText[name], let field = fields.first(where: { $0.name == name })?.field else {
            return nil
        }
        switch field {
        case .value(let value): return value.configurationText
        case .flag(let flag): return flag
        case .list(let list): return list
        case .lines(let lines, let cache):
            return lines.isEmpty
                ? lines as Any : MustacheLambda { section in cache.render(lines, section).map(RenderedLines.init) }
        }
    }
}
