internal import Routing

/// Reads settings: a flag overrides its variable, and the variable the default. An empty variable counts as unset.
///
/// Every method throws a `UsageError` for a value that does not parse.
struct SettingReader {
    let environment: [String: String]
    /// The values read so far that the audit log's `start` record contains, by flag.
    private(set) var recorded: [String: String] = [:]

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Reads a setting.
    ///
    /// - Parameters:
    ///   - given: the flag's value on the command line.
    ///   - fallback: the value that replaces the default.
    mutating func value<Value>(
        _ setting: Setting<Value>, _ given: String?, fallback: Value? = nil
    ) throws(UsageError) -> Value {
        let value =
            if let found = try self.given(setting, given) ?? fallback {
                found
            } else {
                try Self.defaultValue(of: setting)
            }
        if case .text(let text) = setting.recording { recorded[setting.name] = text(value) }
        return value
    }

    /// Reads a switch: true by the flag, or by its variable.
    mutating func isOn(_ setting: Setting<Bool>, _ given: Bool) throws(UsageError) -> Bool {
        try value(setting, given ? "true" : nil)
    }

    /// Reads a setting without its default; nil if neither the flag nor the variable is given.
    func given<Value>(_ setting: Setting<Value>, _ given: String?) throws(UsageError) -> Value? {
        guard let (source, text) = source(of: setting, given) else { return nil }
        return try Self.parse(text, of: source, setting.parse)
    }

    /// Reads a variable without a flag; nil if it is not set.
    func value<Value>(of variable: Variable<Value>) throws(UsageError) -> Value? {
        guard let text = self.text(of: variable.name) else { return nil }
        return try Self.parse(text, of: variable.name, variable.parse)
    }

    /// Parses a value of the command line.
    ///
    /// - Parameter source: the flag, variable or argument that has the value.
    static func parse<Value>(
        _ text: String, of source: String, _ parse: (String) throws(InvalidValue) -> Value
    ) throws(UsageError) -> Value {
        do throws(InvalidValue) {
            return try parse(text)
        } catch {
            throw UsageError(
                source, value: text, expected: error.expected,
                got: error.value.isEmpty ? "nothing" : "'\(error.value)'")
        }
    }

    /// - Returns: the flag or variable that has a value, and the value.
    func source<Value>(of setting: Setting<Value>, _ given: String?) -> (name: String, text: String)? {
        if let given { return (setting.flag, given) }
        guard let variable = setting.variable, let text = text(of: variable) else { return nil }
        return (variable, text)
    }

    private func text(of variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func defaultValue<Value>(of setting: Setting<Value>) throws(UsageError) -> Value {
        switch setting.defaultValue {
        case .text(let text): try parse(text, of: "\(setting.flag) (default)", setting.parse)
        case .value(let value, _): value
        }
    }
}
