internal import Routing

/// What a host does on the https port.
enum HostTLS: Equatable {
    /// Nothing of its own: whoever asks for it there is an unknown name.
    case absent
    case served(ServedCertificate)
    /// A server that refuses the handshake, because without it another's certificate would be shown.
    case refused
}

extension RoutingTable {
    /// What each host does on the https port. Unknown names are refused there, or get the default certificate; a host
    /// that is not served has to be told apart from those where a wildcard, or the default certificate, would answer
    /// in its place.
    func tls(with certificates: CertificateSet) -> [Host: HostTLS] {
        var result: [Host: HostTLS] = [:]
        for host in hosts where host.settings.tls != nil {
            let own = host.host == .catchAll ? certificates.fallback : certificates.byHost[host.host]
            if let own { result[host.host] = .served(own) }
        }
        for host in hosts where result[host.host] == nil {
            let isCovered = certificates.fallback != nil || host.host.coveringWildcard.map { result[$0] != nil } == true
            result[host.host] = isCovered && host.host != .catchAll ? .refused : .absent
        }
        return result
    }
}
