internal import Mustache

/// The value of a variable. There is no case for plain text: only validated values can be rendered.
package enum TemplateField: Sendable {
    case value(any ConfigurationValue)
    case flag(Bool)
    case list([TemplateContext])

    static func optional(_ value: (any ConfigurationValue)?) -> TemplateField {
        value.map { .value($0) } ?? .flag(false)
    }
}

/// The variables of a template at one level.
package struct TemplateContext: Sendable, MustacheParent {
    package let fields: [TemplateName: TemplateField]

    package init(_ fields: [TemplateName: TemplateField]) {
        self.fields = fields
    }

    /// Called by the template engine.
    func child(named name: String) -> Any? {
        guard let name = TemplateName.byText[name], let field = fields[name] else { return nil }
        switch field {
        case .value(let value): return value.configurationText
        case .flag(let flag): return flag
        case .list(let list): return list
        }
    }
}
