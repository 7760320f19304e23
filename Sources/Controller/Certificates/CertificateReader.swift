internal import Basics
internal import Certificates
internal import Foundation
internal import NginxConfig

/// Reads a certificate from the first candidate that has one, and checks it.
struct CertificateReader: Sendable {
    typealias Answer = SecretAnswer<ServedCertificate, CertificateBundle>

    let providers: [any CertificateProvider]

    func read(_ request: CertificateRequest, known: ServedCertificate?, now: Date) async -> Answer {
        guard !request.candidates.isEmpty else {
            return .problem(
                SecretProblem(
                    .missing, "no path in Vault: the namespace or the name of the Ingress is not a DNS name; rename it")
            )
        }
        for source in request.candidates {
            switch await provided(source, for: request, known: known?.source == source ? known : nil, now: now) {
            case .absent: continue
            case .unchanged: return .unchanged
            case .problem(let problem): return .problem(problem)
            case .found(let pem, let version):
                return check(pem, source: source, version: version, host: request.subject.name, now: now)
            }
        }
        let places = request.candidates.map(\.place).joined(separator: " or ")
        return .problem(SecretProblem(.missing, "no certificate at \(places)"))
    }

    private func provided(
        _ source: CertificateSource, for request: CertificateRequest, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate {
        for provider in providers {
            if let answer = await provider.read(source, for: request, known: known, now: now) { return answer }
        }
        return .problem(
            SecretProblem(
                .missing,
                "\(source) is not a configured source of certificates; set --vault-pki or --kubernetes-secrets"))
    }

    private func check(
        _ pem: CertificatePEM, source: CertificateSource, version: KVVersion?, host: String?, now: Date
    ) -> Answer {
        do {
            let bundle = try CertificateBundle.parse(pem)
            try bundle.check(host: host, now: now)
            let certificate = ServedCertificate(
                address: try ContentAddress(bundle.sha256),
                notBefore: Int(bundle.leaf.notBefore.timeIntervalSince1970),
                notAfter: Int(bundle.leaf.notAfter.timeIntervalSince1970), source: source, version: version)
            return .found(certificate, bundle)
        } catch {
            return .problem(SecretProblem(.invalid, "\(source.place): \(error)"))
        }
    }
}
