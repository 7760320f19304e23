internal import KubernetesAPI
internal import Yams

/// The documents of a YAML or JSON text, without empty ones.
struct YAMLDocuments {
    let roots: [Node]
    /// Owns the anchors, to which the nodes refer weakly.
    private let parser: Parser

    init(_ bytes: [UInt8]) throws(YAMLProblem) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLProblem(line: 1, column: 1, field: "", message: "expected UTF-8, found other bytes")
        }
        do {
            let parser = try Parser(yaml: text, resolver: Resolver.basic.appending(.merge), encoding: .utf8)
            var roots: [Node] = []
            while let root = try parser.nextRoot() {
                if root.null == nil { roots.append(root) }
            }
            self.roots = roots
            self.parser = parser
        } catch {
            throw YAMLProblem(error)
        }
    }

    /// Decodes a node. `prefix` and `secret` are for the error: see `YAMLProblem.init(_:in:prefix:secret:)`.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from node: Node, prefix: String = "", secret: String? = nil
    ) throws(YAMLProblem) -> Value {
        do {
            return try YAMLDecoder().decode(type, from: node)
        } catch let error as DecodingError {
            throw YAMLProblem(error, in: node, prefix: prefix, secret: secret)
        } catch {
            throw YAMLProblem(error)
        }
    }
}
