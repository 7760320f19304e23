internal import NginxConfig
internal import Routing

/// The certificates that a routing table needs, each with the sources that may have it.
struct CertificatePlan: Sendable {
    let providers: [any CertificateProvider]
    /// The source of the certificate for unknown names; nil for none.
    let defaultSource: CertificateSource?

    func requests(for table: RoutingTable) -> [CertificateRequest] {
        let hosts = table.hosts.filter { $0.settings.tls != nil && $0.host != .catchAll }.map {
            CertificateRequest(subject: .host($0.host), owner: $0.owner, candidates: candidates(for: $0))
        }
        let fallback = defaultSource.map { CertificateRequest(subject: .unknownNames, owner: nil, candidates: [$0]) }
        return hosts + [fallback].compactMap { $0 }
    }

    /// A Secret or a path in Vault that the Ingress names is its only source.
    private func candidates(for host: VirtualHost) -> [CertificateSource] {
        if let secret = host.settings.tls?.secret { return [.secret(secret)] }
        if let path = host.settings.vaultPath { return [.vault(path.text)] }
        guard host.owner.hasDNSNames else { return [] }
        return providers.flatMap { $0.candidates(for: host.host, owner: host.owner) }
    }
}
