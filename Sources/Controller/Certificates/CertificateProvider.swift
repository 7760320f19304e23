public import Basics
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// Reads certificates from the sources of one kind.
public protocol CertificateProvider: Sendable {
    /// The sources of this kind that may have a certificate for the host, in the order in which they are tried. Empty
    /// if an owner has to name the source itself.
    func candidates(for host: Host, owner: OwnerRef) -> [CertificateSource]

    /// - Parameters:
    ///   - name: the host; only for a source that makes a certificate for each host, and nil for the default certificate.
    ///   - known: the stored certificate, if it came from this source.
    /// - Returns: nil for a source of another kind.
    func read(
        _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate?
}

/// The answer of a provider for one source.
public enum ProvidedCertificate: Sendable {
    /// The source has no certificate. The next candidate is tried.
    case absent
    /// The stored certificate is current.
    case unchanged
    /// - Parameter version: the version in KV 2; nil for other sources.
    case found(CertificatePEM, version: KVVersion?)
    /// The next candidate is not tried: it must not replace a certificate that is only unavailable.
    case problem(SecretProblem)
}

extension CertificateSource {
    /// The source as problem texts name it: a path in Vault has no prefix.
    var place: String {
        if case .vault(let path) = self { path } else { description }
    }
}
