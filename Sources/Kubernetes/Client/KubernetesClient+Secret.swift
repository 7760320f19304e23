public import Basics
internal import Foundation
public import KubernetesAPI

/// One value of a Secret in the cluster.
public struct SecretReference: Sendable, Equatable, CustomStringConvertible {
    public var namespace: String
    public var name: String
    public var key: String

    /// - Parameter text: `NAMESPACE/NAME[/KEY]`; the key defaults to `token`. Nil for anything else.
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

/// These requests need a permission that the default RBAC does not grant.
extension KubernetesClient {
    /// Reads one value of a Secret.
    ///
    /// - Throws: `.unreadable` if the value is missing or empty.
    public func value(of reference: SecretReference) async throws(KubernetesError) -> Secret {
        let data = try await data(ofSecret: ObjectKey(namespace: reference.namespace, name: reference.name))
        guard let value = data[reference.key], !value.isEmpty else {
            throw KubernetesError(.unreadable, "Secret \(reference): expected a value under that key, found none")
        }
        return value
    }

    /// Reads the certificate and the key of a Secret of type `kubernetes.io/tls`, and `ca.crt` (`manifests/kubernetes-secrets/`
    /// grants the permission).
    ///
    /// - Returns: nil if the Secret does not exist.
    /// - Throws: `.unreadable` if `tls.crt` or `tls.key` is missing.
    public func tlsSecret(_ name: ObjectKey) async throws(KubernetesError) -> CertificatePEM? {
        guard let data = try await values(ofSecret: name) else { return nil }
        guard data["tls.crt"] != nil, data["tls.key"] != nil, let pem = CertificatePEM(fields: data) else {
            let found = data.keys.sorted().joined(separator: ", ")
            throw KubernetesError(
                .unreadable, "expected the keys tls.crt and tls.key, found \(found.isEmpty ? "none" : found)")
        }
        return pem
    }

    /// Reads the values of a Secret.
    ///
    /// - Returns: nil if the Secret does not exist.
    public func values(ofSecret name: ObjectKey) async throws(KubernetesError) -> [String: Secret]? {
        do throws(KubernetesError) {
            return try await data(ofSecret: name)
        } catch {
            guard error.status?.code == 404 else { throw error }
            return nil
        }
    }

    private func data(ofSecret name: ObjectKey) async throws(KubernetesError) -> [String: Secret] {
        struct Answer: Decodable {
            var data: [String: Data]?
        }
        let answer: Answer = try await get("/api/v1/namespaces/\(name.namespace)/secrets/\(name.name)")
        return answer.data?.mapValues { Secret($0) } ?? [:]
    }
}
