/// The description of a `DecodingError`: the path of the field, what was expected and what was found.
package struct DecodingProblem: CustomStringConvertible {
    /// A path such as `spec.rules[0].host`; empty for the whole document.
    package let field: String
    package let path: [any CodingKey]
    package let message: String

    package var description: String { field.isEmpty ? message : "\(field): \(message)" }

    /// - Parameters:
    ///   - base: the path of the decoded value; `field` is relative to it.
    ///   - found: describes the value at a path of the document; nil if it is unknown.
    package init(
        _ error: DecodingError, below base: [any CodingKey] = [],
        found: (_ path: [any CodingKey]) -> String? = { _ in nil }
    ) {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            path = context.codingPath
            let expectation = "expected \(DecodingProblem.noun(for: type))"
            message = found(path).map { "\(expectation), found \($0)" } ?? expectation
        case .keyNotFound(let key, let context):
            path = context.codingPath
            message = "expected a field \"\(key.stringValue)\", found none"
        case .dataCorrupted(let context):
            path = context.codingPath
            message = context.debugDescription
        @unknown default:
            path = []
            message = "\(error)"
        }
        field = DecodingProblem.field(path.dropFirst(base.count))
    }

    /// A description of a decoder's error in one line.
    package static func line(_ error: any Error, below base: [any CodingKey] = []) -> String {
        (error as? DecodingError).map { DecodingProblem($0, below: base).description } ?? "\(error)"
    }

    private static func field(_ path: some Sequence<any CodingKey>) -> String {
        path.reduce(into: "") { field, key in
            if let index = key.intValue {
                field += "[\(index)]"
            } else {
                field += field.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func noun(for type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type: "a whole number"
        case is Bool.Type: "true or false"
        default:
            // Decoders name their container types here: `[Any]`, `Node.Sequence`, `Dictionary<String, Any>`…
            switch "\(type)" {
            case let name where name.contains("Sequence") || name.hasPrefix("Array"): "a list"
            case let name where name.contains("Scalar"): "a single value"
            default: "a mapping"
            }
        }
    }
}
