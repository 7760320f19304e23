internal import NginxConfig
internal import Routing

/// The certificates that a routing table needs, each with the sources that may have it.
struct CertificatePlan: Sendable {
    let providers: [any CertificateProvider]
    /// The source of the certificate for unknown names; nil for none.
    let defaultSource: CertificateSource?
    private let memo = CandidateMemo()

    init(providers: [any CertificateProvider], defaultSource: CertificateSource?) {
        self.providers = providers
        self.defaultSource = defaultSource
    }

    func requests(for table: RoutingTable) -> [CertificateRequest] {
        let secure = table.hosts.filter { $0.settings.tls != nil && $0.host != .catchAll }
        let found = memo.candidates(of: secure) { host in
            guard host.owner.hasDNSNames else { return [] }
            return providers.flatMap { $0.candidates(for: host.host, owner: host.owner) }
        }
        let hosts = zip(secure, found).map { host, found in
            CertificateRequest(subject: .host(host.host), owner: host.owner, candidates: named(by: host) ?? found)
        }
        let fallback = defaultSource.map { CertificateRequest(subject: .unknownNames, owner: nil, candidates: [$0]) }
        return hosts + [fallback].compactMap { $0 }
    }

    /// A Secret or a path in Vault that the Ingress names is its only source.
    private func named(by host: VirtualHost) -> [CertificateSource]? {
        if let secret = host.settings.tls?.secret { return [.secret(secret)] }
        if let path = host.settings.vaultPath { return [.vault(path.text)] }
        return nil
    }
}
