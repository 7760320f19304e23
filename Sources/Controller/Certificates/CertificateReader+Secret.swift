internal import Basics
internal import Certificates
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

internal import struct Foundation.Date

/// From a Secret of the cluster instead of Vault. It is read again each time: a GET needs no permission to list or
/// watch Secrets, and a certificate that is the same has the same content address.
extension CertificateReader {
    func read(
        _ secret: ObjectName, _ request: CertificateRequest, now: Date
    ) async -> SecretAnswer<ReadCertificate> {
        let source = ServedCertificate.secretPrefix + "\(secret)"
        guard let cluster else {
            return .problem(SecretProblem(.unavailable, "\(source): there is no cluster to read it from"))
        }
        do throws(KubernetesError) {
            guard let found = try await cluster.tlsSecret(secret.key) else {
                return .problem(SecretProblem(.missing, "no certificate at \(source)"))
            }
            return parse(found, source: source, request, now: now)
        } catch {
            let kind: SecretProblem.Kind = error.code == .unreadable ? .invalid : .unavailable
            return .problem(SecretProblem(kind, "\(source): \(error)"))
        }
    }

    private func parse(
        _ secret: CertificatePEM, source: String, _ request: CertificateRequest, now: Date
    ) -> SecretAnswer<ReadCertificate> {
        do throws(CertificateError) {
            let bundle = try CertificateBundle.parse(secret)
            try bundle.check(host: request.subject.name, now: now)
            return .found(ReadCertificate(bundle: bundle, source: source, version: nil))
        } catch {
            return .problem(SecretProblem(.invalid, "\(source): \(error)"))
        }
    }
}
