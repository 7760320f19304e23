internal import KubernetesAPI
internal import Yams

/// A problem in a YAML or JSON text, with its position.
struct YAMLProblem: Error, Equatable {
    /// Counted from 1, as the column.
    var line: Int
    var column: Int
    /// A path such as `spec.rules[0].host`; empty if the text is not YAML.
    var field: String
    var message: String
}

extension YAMLProblem {
    init(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let text = context.map { "\(problem) (\($0.text) in line \($0.mark.line))" } ?? problem
            self.init(line: mark.line, column: mark.column, field: "", message: text)
        case YamlError.reader(let problem, let offset, _, let yaml):
            let line = 1 + yaml.prefix(offset ?? 0).count { $0.isNewline }
            self.init(line: line, column: 1, field: "", message: problem)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.sorted().joined(separator: ", ")
            self.init(
                line: context.mark.line, column: context.mark.column, field: "",
                message: "a field is written twice: \(keys)")
        default:
            self.init(line: 1, column: 1, field: "", message: "\(error)")
        }
    }

    /// - Parameters:
    ///   - root: the decoded node.
    ///   - prefix: the path of that node in its document.
    ///   - secret: a field of the node whose values must not appear in the message.
    init(_ error: DecodingError, in root: Node, prefix: String, secret: String?) {
        let problem = DecodingProblem(error) { path in
            root.nearest(path).node.summary(showingValue: secret == nil || path.first?.stringValue != secret)
        }
        let mark = root.nearest(problem.path).mark
        let field = [prefix, problem.field].filter { !$0.isEmpty }.joined(separator: ".")
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1, field: field, message: problem.message)
    }
}

extension Node {
    /// The node at the path, or its deepest ancestor that exists.
    fileprivate func nearest(_ path: [any CodingKey]) -> (node: Node, mark: Mark?) {
        var node = self
        for key in path {
            let next =
                if let index = key.intValue {
                    node.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                } else {
                    node.mapping?[Node(key.stringValue)]
                }
            guard let next else { break }
            node = next
        }
        return (node, node.mark)
    }

    /// A short description of the node for an error message.
    fileprivate func summary(showingValue: Bool) -> String {
        switch self {
        case .scalar(let scalar) where null != nil && scalar.style == .plain: "nothing"
        case .scalar where !showingValue: "something else"
        case .scalar(let scalar): "\"\(scalar.string.prefix(60))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
