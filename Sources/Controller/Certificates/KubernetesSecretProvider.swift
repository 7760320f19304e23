internal import Basics
public import Kubernetes
internal import KubernetesAPI
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// Reads certificates from Secrets in the cluster that an Ingress names. Each read is a GET, which needs no permission
/// to list or watch Secrets. An unchanged certificate has an unchanged content address.
public struct KubernetesSecretProvider: CertificateProvider {
    private let cluster: KubernetesClient?

    /// - Parameter cluster: nil if Secrets must not be read.
    public init(cluster: KubernetesClient?) {
        self.cluster = cluster
    }

    public func candidates(for host: Host, owner: OwnerRef) -> [CertificateSource] { [] }

    public func read(
        _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate? {
        guard case .secret(let name) = source else { return nil }
        guard let cluster else {
            return .problem(SecretProblem(.unavailable, "\(source): expected --kubernetes-secrets with a cluster"))
        }
        do throws(KubernetesError) {
            guard let pem = try await cluster.tlsSecret(name.key) else { return .absent }
            return .found(pem, version: nil)
        } catch {
            return .problem(SecretProblem(error, place: "\(source)"))
        }
    }
}
