internal import KubernetesAPI
internal import Yams

/// The text of a host policy, with its positions:
///
///     default: deny
///     domains:
///       - domain: "**.team-a.example.com"
///         namespaces: [team-a]
public struct HostPolicyDocument: Sendable, Equatable {
    /// A text and where it is.
    public struct Text: Sendable, Equatable {
        public let text: String
        /// A path such as `domains[0].domain`.
        public let field: String
        public let position: ManifestError.Position
    }

    public struct Domain: Sendable, Equatable {
        public let domain: Text
        public let namespaces: [Text]
    }

    /// `allow` or `deny`, not checked here.
    public let defaultRule: Text
    public let domains: [Domain]
    private let name: String

    /// In bytes: that of a ConfigMap.
    public static let maximumSize = 1 << 20

    /// - Parameters:
    ///   - bytes: YAML or JSON in UTF-8, one document.
    ///   - name: for messages.
    /// - Throws: the first problem: no YAML, an unknown, duplicate or missing field, or a value of another type.
    public init(_ bytes: [UInt8], name: String) throws(ManifestError) {
        guard bytes.count <= Self.maximumSize else {
            throw ManifestError(
                file: name, message: "expected at most \(Self.maximumSize) bytes, found \(bytes.count)")
        }
        self.name = name
        do throws(YAMLProblem) {
            let documents = try YAMLDocuments(bytes)
            guard documents.roots.count == 1 else {
                throw YAMLProblem(
                    line: documents.roots.dropFirst().first?.mark?.line ?? 1, column: 1, field: "",
                    message: "expected one document with default and domains, found \(documents.roots.count)")
            }
            let root = try Fields(documents.roots[0], "", known: ["default", "domains"])
            defaultRule = try root.text("default")
            domains = try root.list("domains").map { node, field throws(YAMLProblem) in
                let entry = try Fields(node, field, known: ["domain", "namespaces"])
                return Domain(
                    domain: try entry.text("domain"),
                    namespaces: try entry.list("namespaces").map { node, field throws(YAMLProblem) in
                        try Text(node, field)
                    })
            }
        } catch {
            throw ManifestError(file: name, error)
        }
    }

    /// A problem of a value, for the code that knows its meaning.
    public func problem(_ text: Text, expected: String) -> ManifestError {
        ManifestError(
            file: name,
            YAMLProblem(
                line: text.position.line, column: text.position.column, field: text.field,
                message: "expected \(expected), found \"\(text.text.prefix(80))\""))
    }
}

/// The fields of a mapping, none of which is unknown.
private struct Fields {
    private let node: Node
    private let path: String

    init(_ node: Node, _ path: String, known: [String]) throws(YAMLProblem) {
        self.node = node
        self.path = path
        guard let mapping = node.mapping else {
            throw YAMLProblem(node, path, "expected a mapping with \(known.joined(separator: " and "))")
        }
        for (key, _) in mapping where !known.contains(key.string ?? "") {
            throw YAMLProblem(
                key, path,
                "expected \(known.joined(separator: " or ")), found the unknown field \"\((key.string ?? "").prefix(80))\""
            )
        }
    }

    func text(_ name: String) throws(YAMLProblem) -> HostPolicyDocument.Text {
        try HostPolicyDocument.Text(value(name), field(name))
    }

    func list(_ name: String) throws(YAMLProblem) -> [(Node, String)] {
        let value = try value(name)
        guard let sequence = value.sequence else { throw YAMLProblem(value, field(name), "expected a list") }
        return sequence.enumerated().map { ($1, "\(field(name))[\($0)]") }
    }

    private func value(_ name: String) throws(YAMLProblem) -> Node {
        guard let value = node.mapping?[Node(name)] else {
            throw YAMLProblem(node, path, "expected a field \"\(name)\", found none")
        }
        return value
    }

    private func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension HostPolicyDocument.Text {
    fileprivate init(_ node: Node, _ field: String) throws(YAMLProblem) {
        guard let scalar = node.scalar, node.null == nil || scalar.style != .plain else {
            throw YAMLProblem(node, field, "expected a text")
        }
        text = scalar.string
        self.field = field
        position = ManifestError.Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

extension YAMLProblem {
    fileprivate init(_ node: Node, _ field: String, _ message: String) {
        self.init(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, field: field, message: message)
    }
}
