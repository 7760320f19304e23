internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// Which certificates a routing table needs, and where they are looked up.
public struct CertificatePlan: Sendable {
    private let template: CertificatePathTemplate
    private let defaultPath: String?
    /// How long the first configuration may wait for Vault's answers.
    let startupWait: Duration

    /// - Parameter defaultPath: in Vault, of the certificate for unknown names; nil for none.
    public init(template: CertificatePathTemplate, defaultPath: String?, startupWait: Duration) {
        self.template = template
        self.defaultPath = defaultPath
        self.startupWait = startupWait
    }

    func requests(for table: RoutingTable) -> [CertificateRequest] {
        let hosts = table.hosts.filter { $0.settings.tls != nil && $0.host != .catchAll }.map {
            CertificateRequest(
                subject: .host($0.host), owner: $0.owner,
                paths: $0.settings.tls?.secret == nil ? template.paths(host: $0.host, owner: $0.owner) : [],
                secret: $0.settings.tls?.secret)
        }
        return hosts
            + [defaultPath].compactMap { $0 }.map {
                CertificateRequest(subject: .unknownNames, owner: nil, paths: [$0])
            }
    }
}
