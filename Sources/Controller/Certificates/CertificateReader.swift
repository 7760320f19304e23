internal import Basics
internal import Certificates
internal import Foundation
internal import NginxConfig

/// Reads a certificate from the first candidate that has one, and checks it.
struct CertificateReader: Sendable {
    typealias Answer = SecretAnswer<ServedCertificate, CertificateBundles>

    let providers: [any CertificateProvider]

    func read(_ request: CertificateRequest, known: ServedCertificate?, now: Date) async -> Answer {
        guard !request.candidates.isEmpty else {
            return .problem(
                SecretProblem(
                    .missing, "no path in Vault: the namespace or the name of the Ingress is not a DNS name; rename it")
            )
        }
        var others: [String] = []
        for source in request.candidates {
            switch await provided(source, for: request, known: known?.source == source ? known : nil, now: now) {
            case .absent: continue
            case .unchanged: return .unchanged
            case .problem(let problem): return .problem(problem)
            case .found(let pem, let version):
                do throws(CertificateError) {
                    return try check(pem, source: source, version: version, host: request.subject.name, now: now)
                } catch .nameNotCovered where request.isFallback(source) {
                    others.append("that at \(source.place) is for other names")
                } catch {
                    return .problem(SecretProblem(.invalid, "\(source.place): \(error)"))
                }
            }
        }
        let places = request.candidates.map(\.place).joined(separator: " or ")
        return .problem(SecretProblem(.missing, (["no certificate at \(places)"] + others).joined(separator: ", ")))
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
    ) throws(CertificateError) -> Answer {
        let bundles = try CertificateBundles.parse(pem).usable(for: host, now: now)
        let addresses = bundles.all.compactMap { try? ContentAddress($0.sha256) }
        guard let address = addresses.first, addresses.count == bundles.all.count else {
            throw .openSSL("a digest has an unexpected form")
        }
        let certificate = ServedCertificate(
            address: address, additional: Array(addresses.dropFirst()),
            notBefore: Int(bundles.notBefore.timeIntervalSince1970),
            notAfter: Int(bundles.notAfter.timeIntervalSince1970), source: source, version: version,
            remarks: bundles.remarks)
        return .found(certificate, bundles)
    }
}
