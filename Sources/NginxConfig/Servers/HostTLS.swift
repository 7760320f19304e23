internal import Routing

/// The behaviour of a host on the https port.
enum HostTLS: Equatable {
    /// No server: the host is an unknown name there.
    case absent
    case served(ServedCertificate)
    /// A server that rejects the handshake: without it, the certificate of another host would be presented.
    case rejected
}

extension RoutingTable {
    /// The behaviour of each host on the https port. nginx rejects the handshake for an unknown name, or presents the
    /// default certificate. A host without a certificate needs a server that rejects the handshake only where a
    /// wildcard or the default certificate covers its name.
    func tls(with certificates: CertificateSet) -> [Host: HostTLS] {
        var result: [Host: HostTLS] = [:]
        for host in hosts where host.settings.tls != nil {
            let own = host.host == .catchAll ? certificates.fallback : certificates.byHost[host.host]
            if let own { result[host.host] = .served(own) }
        }
        for host in hosts where result[host.host] == nil {
            let isCovered = certificates.fallback != nil || host.host.coveringWildcard.map { result[$0] != nil } == true
            result[host.host] = isCovered && host.host != .catchAll ? .rejected : .absent
        }
        return result
    }
}
