internal import Routing

/// Looks a setting up: the flag wins, then the environment, then the default. An empty variable is an absent one.
struct SettingReader {
    let environment: [String: String]

    /// - Parameters:
    ///   - given: the flag's value, if there was one.
    ///   - parse: throws for a value that does not fit.
    /// - Throws: `UsageError` naming the flag or the variable, what was found and what was expected.
    func read<Value>(
        _ given: String?, flag: String, variable: String, parse: (String) throws(InvalidValue) -> Value
    ) throws(UsageError) -> Value? {
        let (source, text): (String, String)
        if let given {
            (source, text) = (flag, given)
        } else if let found = environment[variable], !found.isEmpty {
            (source, text) = (variable, found)
        } else {
            return nil
        }
        do throws(InvalidValue) {
            return try parse(text)
        } catch {
            throw UsageError("\(source) '\(text)': expected \(error.expected)")
        }
    }
}
