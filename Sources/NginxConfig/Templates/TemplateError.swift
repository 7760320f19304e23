/// A template that is not valid: file and line, what was found, what was expected.
public struct TemplateError: Error, Equatable, CustomStringConvertible {
    public let file: String
    /// From 1; nil for the whole file.
    public let line: Int?
    public let explanation: String

    public init(file: String, line: Int?, explanation: String) {
        self.file = file
        self.line = line
        self.explanation = explanation
    }

    public var description: String {
        "template \(file)\(line.map { ":\($0)" } ?? ""): \(explanation)"
    }
}
