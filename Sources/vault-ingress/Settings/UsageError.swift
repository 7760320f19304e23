/// A flag or variable with a value that does not fit: which one, what was found, what was expected.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
