internal import Foundation

/// An object of a list or watch. One that cannot be decoded keeps its name and the problem, so that the others are
/// read.
package enum DecodedObject<Object: KubernetesObject & Decodable> {
    case object(Object)
    case undecodable(Undecodable)

    package struct Undecodable: Sendable, Equatable {
        /// Empty where the response has no name or namespace.
        package var key: ObjectKey
        package var resourceVersion: String
        package var problem: String
    }

    package init(_ scanned: ScannedObject) {
        do {
            self = .object(try scanned.decode(Object.self))
        } catch {
            let metadata = scanned.identity
            self = .undecodable(
                Undecodable(
                    key: metadata.key, resourceVersion: metadata.resourceVersion,
                    problem: DecodingProblem.line(error)))
        }
    }
}

extension ScannedObject {
    package struct TooLargeError: Error, CustomStringConvertible {
        package var description: String { "expected at most \(ObjectScanner.maximumItemBytes >> 20) MB, found more" }
    }

    /// - Throws: `DecodingError` or `TooLargeError`.
    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard !isTooLarge else { throw TooLargeError() }
        return try JSONDecoder().decode(type, from: Data(json))
    }

    /// The fields that can be read even if the object cannot be decoded.
    package var identity: ObjectMeta {
        ObjectMeta(
            name: Self.string(name), namespace: Self.string(namespace), resourceVersion: Self.string(resourceVersion))
    }

    /// Empty if the JSON is not a string.
    private static func string(_ json: [UInt8]) -> String {
        (try? JSONDecoder().decode(String.self, from: Data(json))) ?? ""
    }
}
