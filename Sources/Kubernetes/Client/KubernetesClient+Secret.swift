internal import Foundation
internal import KubernetesAPI

/// One value of a Secret of the cluster.
public struct SecretReference: Sendable, Equatable, CustomStringConvertible {
    public var namespace: String
    public var name: String
    public var key: String

    /// - Parameter text: `NAMESPACE/NAME[/KEY]`; the key is `token` unless given. Nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isName = { (part: String) in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        }
        guard (2...3).contains(parts.count), parts.allSatisfy(isName), !parts.contains(".."), !parts.contains(".")
        else {
            return nil
        }
        namespace = parts[0]
        name = parts[1]
        key = parts.count == 3 ? parts[2] : "token"
    }

    public var description: String { "\(namespace)/\(name)/\(key)" }
}

extension KubernetesClient {
    /// Reads a value of a Secret, which takes a permission that the default RBAC does not give.
    public func value(of reference: SecretReference) async throws(KubernetesError) -> [UInt8] {
        struct Answer: Decodable {
            var data: [String: Data]?
        }
        let path = "/api/v1/namespaces/\(reference.namespace)/secrets/\(reference.name)"
        let answer: Answer = try await get(path)
        guard let value = answer.data?[reference.key], !value.isEmpty else {
            throw KubernetesError(.unreadable, "Secret \(reference): expected a value under that key, found none")
        }
        return Array(value)
    }
}
