/// An error of the command line or the environment: the flag or variable, its value, what was expected and what was
/// found.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// `--http-port 'x': expected a port from 1 to 65535, got 'x'`
    init(_ source: String, value: String, expected: String, got: String) {
        self.init("\(source) '\(value)': expected \(expected), got \(got)")
    }

    /// For two flags or two variables that exclude each other.
    init(both first: String, _ second: String) {
        self.init("\(first) and \(second): expected one of them, got both")
    }
}
