public import Logging
public import NginxConfig
public import Routing

/// The state of one wanted certificate.
public typealias CertificateReport = SecretReport<CertificateRequest>

/// A wanted certificate and the sources that may have it.
public struct CertificateRequest: SecretRequest {
    public var subject: CertificateSubject
    /// The owner of the host; nil for the default certificate.
    public var owner: OwnerRef?
    /// In the order in which they are tried.
    public var candidates: [CertificateSource]

    public init(subject: CertificateSubject, owner: OwnerRef?, candidates: [CertificateSource]) {
        self.subject = subject
        self.owner = owner
        self.candidates = candidates
    }

    /// The Secret that the Ingress names; nil if it names none.
    var secret: ObjectName? {
        if case .secret(let name)? = candidates.first { name } else { nil }
    }

    /// True for the path of the wildcard below the host. A certificate there is only meant for the host if it covers it.
    func isFallback(_ source: CertificateSource) -> Bool {
        guard case .host(let host) = subject, let wildcard = host.wildcardBelow, case .vault(let path) = source else {
            return false
        }
        return source != candidates.first && path.contains(wildcard.name)
    }

    public var sources: [CertificateRead] { candidates.map(read) }
    public var owners: [OwnerRef] { owner.map { [$0] } ?? [] }

    public var missing: SecretProblem {
        guard !candidates.isEmpty else {
            return SecretProblem(
                .missing, "no path in Vault: the namespace or the name of the Ingress is not a DNS name; rename it")
        }
        return SecretProblem(.missing, "no certificate at \(candidates.map(\.place).joined(separator: " or "))")
    }

    /// A policy may allow only the paths that are documented for a host.
    public func problem(_ problem: SecretProblem, of source: CertificateRead) -> SecretProblem {
        problem.isDenial && isFallback(source.source) ? missing : problem
    }

    public func source(of certificate: ServedCertificate) -> CertificateRead { read(certificate.source) }

    /// A role issues a certificate for one host; other sources have one for all hosts that it covers.
    private func read(_ source: CertificateSource) -> CertificateRead {
        if case .pki = source { return CertificateRead(source: source, name: subject.name) }
        return CertificateRead(source: source, name: nil)
    }

    /// An Ingress that switches to another source keeps its last certificate until the new source answers.
    public func mayInherit(from previous: Self) -> Bool { owner == previous.owner }

    /// A certificate that was issued for the host belongs to no owner.
    public func mayUse(_ certificate: ServedCertificate) -> Bool {
        if case .pki = certificate.source { return secret == nil }
        return candidates.contains(certificate.source)
    }

    public func metadata(_ certificate: ServedCertificate?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["host": "\(subject)"]
        metadata["ingress"] = owner.map { "\($0)" }
        metadata["source"] = certificate.map { "\($0.source)" }
        metadata["not_after"] = certificate.map { "\($0.expiry)" }
        return metadata
    }
}

/// A read of a source. It serves all hosts whose certificate may be there.
public struct CertificateRead: Sendable, Hashable {
    var source: CertificateSource
    /// The host that the certificate is issued for; nil for a source that already has it.
    var name: String?
}

extension CertificateReport {
    public var subject: CertificateSubject { request.subject }
    public var owner: OwnerRef? { request.owner }
    /// The certificate that nginx serves; nil if no usable one exists.
    public var certificate: ServedCertificate? { stored }
}
