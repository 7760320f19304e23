internal import Kubernetes
public import KubernetesAPI
public import NginxConfig

/// A host that two generations serve with different certificates.
public struct CertificateChange: Sendable, Equatable {
    public var host: String
    public var verb: Change.Verb
    /// As it is now; the last one where it is gone.
    public var certificate: ServedCertificate

    /// Sorted by host.
    ///
    /// - Parameter old: what was live; nil when nothing was.
    public static func list(from old: ConfigurationFiles?, to new: ConfigurationFiles) -> [CertificateChange] {
        let before = old?.certificateLines ?? [:]
        let after = new.certificateLines
        let present = after.compactMap { host, certificate -> CertificateChange? in
            guard let last = before[host] else {
                return CertificateChange(host: host, verb: .added, certificate: certificate)
            }
            // Another version of the same certificate is no change of what is served.
            return last.address == certificate.address
                ? nil : CertificateChange(host: host, verb: .modified, certificate: certificate)
        }
        let gone = before.filter { after[$0.key] == nil }
            .map { CertificateChange(host: $0.key, verb: .deleted, certificate: $0.value) }
        return (present + gone).sorted { $0.host < $1.host }
    }
}
