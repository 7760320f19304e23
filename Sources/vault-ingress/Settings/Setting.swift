internal import Routing

/// The description of one flag. The command line, the help text, the environment, the audit log and the error messages
/// all use it: a flag's name and default are defined only here.
struct Setting<Value: Sendable>: Sendable {
    /// The value that applies when neither the flag nor the variable is given.
    enum Default: Sendable {
        /// A text that is parsed like a given one. The help shows it.
        case text(String)
        /// A value, and its name in the help text; nil if the help shows no default.
        case value(Value, named: String?)
    }

    /// The text of the value in the audit log's `start` record.
    enum Recording: Sendable {
        case omitted
        case text(@Sendable (Value) -> String)

        static var described: Recording { .text { "\($0)" } }

        static func described<Wrapped>(or none: String) -> Recording where Value == Wrapped? {
            .text { $0.map { "\($0)" } ?? none }
        }
    }

    /// The flag without its dashes; also its key in the audit log.
    let name: String
    /// The environment variable of the flag; nil if there is none.
    let variable: String?
    /// Further variables that change the value, as the help shows them.
    var otherVariables: [String] = []
    let defaultValue: Default
    /// A phrase without a full stop.
    let help: String
    let recording: Recording
    let parse: @Sendable (String) throws(InvalidValue) -> Value

    init(
        _ name: String, variable: String?, otherVariables: [String] = [], default defaultValue: Default, help: String,
        recording: Recording, parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
    ) {
        self.name = name
        self.variable = variable
        self.otherVariables = otherVariables
        self.defaultValue = defaultValue
        self.help = help
        self.recording = recording
        self.parse = parse
    }

    /// The setting with another parser, for a command that accepts other values.
    func parsed(by parse: @escaping @Sendable (String) throws(InvalidValue) -> Value) -> Setting {
        Setting(
            name, variable: variable, otherVariables: otherVariables, default: defaultValue, help: help,
            recording: recording, parse: parse)
    }
}

/// The name of every setting, by group: `Settings+Nginx.swift` and so on.
enum Settings {}

extension Setting {
    /// The flag as it is written: `--http-port`.
    var flag: String { "--" + name }

    /// The flag and its variable, for messages: `--audit-log or AUDIT_LOG`.
    var flagOrVariable: String { [flag, variable].compactMap { $0 }.joined(separator: " or ") }
}

/// The description of a variable without a flag.
struct Variable<Value: Sendable>: Sendable {
    let name: String
    let parse: @Sendable (String) throws(InvalidValue) -> Value
}
