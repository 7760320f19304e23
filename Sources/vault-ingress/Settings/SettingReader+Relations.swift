internal import Routing

/// Settings that exclude or need each other.
extension SettingReader {
    enum Choice<First, Second> {
        case first(First)
        case second(Second)
    }

    /// Reads two settings that exclude each other; nil if neither is given. A flag overrides the variable of the other
    /// setting.
    ///
    /// - Throws: `UsageError` also for two flags, and for two variables without a flag.
    func choice<First, Second>(
        _ first: Setting<First?>, _ firstGiven: String?, _ second: Setting<Second?>, _ secondGiven: String?
    ) throws(UsageError) -> Choice<First, Second>? {
        if firstGiven != nil, secondGiven != nil { throw UsageError(both: first.flag, second.flag) }
        if firstGiven == nil, secondGiven == nil, let firstVariable = source(of: first, nil)?.name,
            let secondVariable = source(of: second, nil)?.name
        {
            throw UsageError(both: firstVariable, secondVariable)
        }
        if secondGiven == nil, let value = try given(first, firstGiven), let value { return .first(value) }
        guard let value = try given(second, secondGiven), let value else { return nil }
        return .second(value)
    }

    /// Reads a setting that the value of another one makes necessary.
    ///
    /// - Parameters:
    ///   - other: the flag of the other setting.
    ///   - value: its value.
    func required<Value>(
        _ setting: Setting<Value?>, _ given: String?, for other: String, value: String
    ) throws(UsageError) -> Value {
        guard let found = try self.given(setting, given), let found else {
            throw UsageError(other, value: value, expected: "\(setting.flagOrVariable) as well", got: "neither")
        }
        return found
    }

    /// Checks that a setting is not given, because it has no effect without another one.
    func requireAbsent<Value, Other>(
        _ setting: Setting<Value>, _ given: String?, without other: Setting<Other>
    ) throws(UsageError) {
        guard let (name, text) = source(of: setting, given), try self.given(setting, given) != nil else { return }
        throw UsageError(name, value: text, expected: "\(other.flagOrVariable) as well", got: "neither")
    }
}
