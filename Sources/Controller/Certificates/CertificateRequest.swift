internal import Kubernetes
internal import KubernetesAPI
public import Logging
public import Nginx
public import NginxConfig
public import Routing

public typealias CertificateStore = SecretStore<CertificateFolder>
public typealias CertificateRefresher = SecretRefresher<CertificateFolder, CertificateReader>
/// What is known of one wanted certificate.
public typealias CertificateReport = SecretReport<CertificateRequest>
typealias CertificateRegistry = SecretRegistry<CertificateRequest>

/// Whose certificate it is.
public enum CertificateSubject: Sendable, Hashable, Comparable, CustomStringConvertible {
    case host(Host)
    /// The default certificate, for names that nobody claims.
    case unknownNames

    public var description: String {
        switch self {
        case .host(let host): "\(host)"
        case .unknownNames: "default certificate"
        }
    }

    public static func < (left: CertificateSubject, right: CertificateSubject) -> Bool {
        switch (left, right) {
        case (.host(let left), .host(let right)): left < right
        case (.host, .unknownNames): true
        default: false
        }
    }
}

/// A certificate that is wanted, and where to look for it.
public struct CertificateRequest: SecretRequest {
    public static var noun: String { "certificate" }

    public var subject: CertificateSubject
    /// The Ingress that asks; nil for the default certificate.
    public var owner: OwnerRef?
    /// In Vault, in the order they are tried.
    public var paths: [String]
    /// The Secret it is in instead.
    public var secret: ObjectName?

    public init(subject: CertificateSubject, owner: OwnerRef?, paths: [String], secret: ObjectName? = nil) {
        self.subject = subject
        self.owner = owner
        self.paths = paths
        self.secret = secret
    }

    public func looksWhere(_ other: Self) -> Bool { paths == other.paths && secret == other.secret }

    /// An Ingress that names another Secret, or now Vault, keeps what it had meanwhile.
    public func mayInherit(from other: Self) -> Bool { owner == other.owner }

    /// One that was issued is nobody else's.
    public func mayUse(_ certificate: ServedCertificate) -> Bool {
        if let secret { return certificate.source == ServedCertificate.secretPrefix + "\(secret)" }
        guard !certificate.source.hasPrefix(ServedCertificate.secretPrefix) else { return false }
        let prefix = ServedCertificate.vaultPrefix
        return !certificate.source.hasPrefix(prefix)
            || paths.contains(String(certificate.source.dropFirst(prefix.count)))
    }

    public static func needsReload(from old: ServedCertificate, to new: ServedCertificate) -> Bool {
        old.address != new.address
    }

    public func metadata(_ certificate: ServedCertificate?) -> Logger.Metadata {
        [
            "host": "\(subject)", "ingress": "\(owner.map { "\($0)" } ?? "-")",
            "source": "\(certificate?.source ?? "-")", "notAfter": "\(certificate?.expiry ?? "-")",
        ]
    }
}

extension CertificateReport {
    public var subject: CertificateSubject { request.subject }
    public var owner: OwnerRef? { request.owner }
    /// What is served, if anything is.
    public var certificate: ServedCertificate? { kept }
}

extension CertificateSet {
    init(_ kept: [CertificateSubject: ServedCertificate]) {
        self.init(fallback: kept[.unknownNames])
        for case (.host(let host), let certificate) in kept { byHost[host] = certificate }
    }

    var bySubject: [CertificateSubject: ServedCertificate] {
        var found: [CertificateSubject: ServedCertificate] = [:]
        for (host, certificate) in byHost { found[.host(host)] = certificate }
        found[.unknownNames] = fallback
        return found
    }
}
