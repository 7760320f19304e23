internal import Kubernetes
public import KubernetesAPI
internal import NginxConfig
internal import Routing

/// Something that changed, and who changed it.
public struct Cause: Sendable, Equatable {
    /// A kind of the API; or `Certificate`, whose name is the host; or `Htpasswd`, whose name is its path in Vault.
    public var kind: String
    public var namespace: String
    public var name: String
    public var change: Change.Verb
    /// Of a certificate, its version in Vault.
    public var resourceVersion: String
    public var manager: String?

    public init(_ change: Change) {
        kind = change.kind.rawValue
        namespace = change.key.namespace
        name = change.key.name
        self.change = change.verb
        resourceVersion = change.resourceVersion
        manager = change.lastWriter?.manager
    }

    private init(htpasswd: VaultPath, _ change: Change.Verb) {
        kind = "Htpasswd"
        namespace = ""
        name = htpasswd.text
        self.change = change
        resourceVersion = ""
        manager = nil
    }

    /// The lists that came into use and went out of it. One that changes needs no reload.
    static func htpasswdFiles(from old: ConfigurationFiles?, to new: ConfigurationFiles) -> [Cause] {
        let (before, after) = (old?.htpasswdFiles ?? [], new.htpasswdFiles)
        return before.symmetricDifference(after).sorted()
            .map { Cause(htpasswd: $0, after.contains($0) ? .added : .deleted) }
    }

    init(_ change: CertificateChange) {
        kind = "Certificate"
        namespace = ""
        name = change.host
        self.change = change.verb
        resourceVersion = change.certificate.version.map(String.init) ?? ""
        manager = nil
    }
}
