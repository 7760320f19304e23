internal import Foundation
public import KubernetesAPI

/// What a Secret of type `kubernetes.io/tls` holds, as PEM.
public struct TLSSecret: Sendable {
    public let chain: [UInt8]
    public let key: [UInt8]
}

extension KubernetesClient {
    /// Reads a certificate and its key: `tls.crt` and `tls.key`. That takes the permission of
    /// `manifests/kubernetes-secrets/`.
    ///
    /// - Returns: nil where there is no such Secret.
    /// - Throws: `.unreadable` for a Secret without them.
    public func tlsSecret(_ name: ObjectKey) async throws(KubernetesError) -> TLSSecret? {
        struct Answer: Decodable {
            var data: [String: Data]?
        }
        let answer: Answer
        do throws(KubernetesError) {
            answer = try await get("/api/v1/namespaces/\(name.namespace)/secrets/\(name.name)")
        } catch {
            guard error.status?.code == 404 else { throw error }
            return nil
        }
        guard let chain = answer.data?["tls.crt"], let key = answer.data?["tls.key"] else {
            let found = answer.data?.keys.sorted().joined(separator: ", ") ?? ""
            throw KubernetesError(
                .unreadable, "expected the keys tls.crt and tls.key, found \(found.isEmpty ? "none" : found)")
        }
        return TLSSecret(chain: Array(chain), key: Array(key))
    }
}
