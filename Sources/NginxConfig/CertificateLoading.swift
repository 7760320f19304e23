internal import Routing

/// When nginx reads the certificates of hosts.
public enum CertificateLoading: String, Sendable, Hashable, CaseIterable {
    /// When it starts or reloads, as root. Each host with TLS has a server of its own.
    case `static`
    /// In the handshake, as the user of the workers: the time of a reload does not grow with the number of certificates, and a
    /// new one is served without a reload. Certificates of a host for several algorithms, and the default certificate, are
    /// still read when nginx starts.
    case dynamic

    func readsInHandshake(_ tls: HostTLS) -> Bool {
        guard self == .dynamic, case .served(let certificate) = tls else { return false }
        return certificate.additional.isEmpty
    }
}

extension Configuration {
    /// The certificates that nginx reads in the handshake if it reads any there, by the name of their link.
    public var linkedCertificates: [String: ServedCertificate] {
        var linked: [String: ServedCertificate] = [:]
        for host in table.hosts where host.settings.tls != nil && host.host != .catchAll {
            guard let certificate = certificates.byHost[host.host], certificate.additional.isEmpty else { continue }
            linked[host.host.name] = certificate
        }
        return linked
    }
}
