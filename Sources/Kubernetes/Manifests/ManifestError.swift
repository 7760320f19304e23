internal import KubernetesAPI

/// A problem in a manifest.
public struct ManifestError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// Nil if the file cannot be read.
    public var position: Position?
    /// A path such as `spec.rules[0].host`; may be empty.
    public var field: String
    /// What was expected and what was found.
    public var message: String

    /// Line and column, counted from 1.
    public struct Position: Sendable, Equatable {
        public var line: Int
        public var column: Int
    }

    init(file: String, field: String = "", message: String) {
        self.file = file
        self.field = field
        self.message = message
    }

    init(file: String, _ problem: YAMLProblem) {
        self.init(file: file, field: problem.field, message: problem.message)
        position = Position(line: problem.line, column: problem.column)
    }

    /// `shop.yaml:12:9: spec.rules[0].host: expected a string, found a list`
    public var description: String {
        let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
        return field.isEmpty ? "\(place): \(message)" : "\(place): \(field): \(message)"
    }
}
