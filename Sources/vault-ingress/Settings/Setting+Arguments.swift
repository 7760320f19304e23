internal import ArgumentParser

extension Option where Value == String? {
    /// Declares the option that a setting describes. Its value is parsed later, together with the environment.
    init<Parsed>(_ setting: Setting<Parsed>) {
        self.init(name: .customLong(setting.name), help: ArgumentHelp(stringLiteral: setting.helpText))
    }
}

extension Flag where Value == Bool {
    /// Declares the switch that a setting describes.
    init(wrappedValue: Bool, _ setting: Setting<Bool>) {
        self.init(
            wrappedValue: wrappedValue, name: .customLong(setting.name),
            help: ArgumentHelp(stringLiteral: setting.helpText))
    }
}

extension Setting {
    /// The line of the help: `Port for http (default: 80). [HTTP_PORT]`
    var helpText: String {
        // A switch has no value on the command line.
        let suffix = Value.self == Bool.self ? "=true" : ""
        let variables = (variable.map { [$0 + suffix] } ?? []) + otherVariables
        let defaults = defaultText.map { " (default: \($0))" } ?? ""
        return help + defaults + "." + (variables.isEmpty ? "" : " [\(variables.joined(separator: ", "))]")
    }

    /// The default in the help text; nil if the help shows none.
    var defaultText: String? {
        switch defaultValue {
        case .text(let text): text
        case .value(_, let name): name
        }
    }
}
