internal import Basics
internal import Certificates
internal import Foundation
internal import NginxConfig

/// Reads what a source of certificates has, and checks it for each host.
struct CertificateReader: Sendable {
    typealias Answer = SecretAnswer<ServedCertificate, CertificateBundles>

    let providers: [any CertificateProvider]

    func read(
        _ source: CertificateRead, known: KnownSecret<ServedCertificate>?, now: Date
    ) async -> SourceAnswer<ReadCertificate> {
        switch await provided(source.source, for: source.name, known: known?.stored, now: now) {
        case .absent: return .absent
        case .unchanged: return .unchanged
        case .problem(let problem): return .problem(problem)
        case .found(let pem, let version):
            let fingerprint = Self.fingerprint(pem, version)
            // A source without versions, or whose versions the policy does not show.
            if let fingerprint, known?.fingerprint == fingerprint { return .unchanged }
            let bundles = Result { () throws(CertificateError) in try CertificateBundles.parse(pem) }
            return .found(
                ReadCertificate(bundles: bundles, source: source.source, version: version),
                fingerprint: fingerprint ?? "")
        }
    }

    private func provided(
        _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate {
        for provider in providers {
            if let answer = await provider.read(source, for: name, known: known, now: now) { return answer }
        }
        return .problem(
            SecretProblem(
                .missing,
                "\(source) is not a configured source of certificates; set --vault-pki or --kubernetes-secrets"))
    }

    /// Nil if OpenSSL fails.
    private static func fingerprint(_ pem: CertificatePEM, _ version: KVVersion?) -> String? {
        guard let digest = try? SHA256() else { return nil }
        for field in pem.certificates + pem.issuers + pem.keys {
            Array("\(field.name)\0".utf8).withUnsafeBytes { digest.update($0) }
            field.text.withUnsafeBytes { digest.update($0) }
        }
        return digest.hex() + (version.map { ":\($0.number):\($0.created)" } ?? "")
    }

    /// What a source has, as the certificate of a host. An expired certificate is only flawed: a client can be told to
    /// accept it, and the other replicas serve it since before it expired. A certificate for other names at the path of
    /// the wildcard below the host is not meant for the host.
    func check(_ content: ReadCertificate, for request: CertificateRequest, now: Date) -> Answer {
        let place = content.source.place
        do {
            let bundles = try content.bundles.get()
            do throws(CertificateError) {
                let usable = try bundles.usable(for: request.subject.name, now: now)
                return .found(try certificate(usable, content), usable)
            } catch .nameNotCovered where request.isFallback(content.source) {
                return .problem(
                    SecretProblem(.missing, "\(request.missing.text), that at \(place) is for other names"))
            } catch {
                let problem = SecretProblem(.invalid, "\(place): \(error)")
                // The validity is checked last: this is the only rule that it breaks.
                guard case .expired = error else { return .problem(problem) }
                let expired = try bundles.expired(for: request.subject.name, now: now)
                return .flawed(try certificate(expired, content), expired, problem)
            }
        } catch {
            return .problem(SecretProblem(.invalid, "\(place): \(error)"))
        }
    }

    private func certificate(
        _ bundles: CertificateBundles, _ content: ReadCertificate
    ) throws(CertificateError) -> ServedCertificate {
        let addresses = bundles.all.compactMap { try? ContentAddress($0.sha256) }
        guard let address = addresses.first, addresses.count == bundles.all.count else {
            throw .openSSL("a digest has an unexpected form")
        }
        return ServedCertificate(
            address: address, additional: Array(addresses.dropFirst()),
            notBefore: Int(bundles.notBefore.timeIntervalSince1970),
            notAfter: Int(bundles.notAfter.timeIntervalSince1970), source: content.source, version: content.version,
            remarks: bundles.remarks)
    }
}

/// What a source of certificates has.
public struct ReadCertificate: Sendable {
    let bundles: Result<CertificateBundles, CertificateError>
    let source: CertificateSource
    let version: KVVersion?
}
