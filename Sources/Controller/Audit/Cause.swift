internal import Basics
public import KubernetesAPI
internal import NginxConfig
internal import Routing

/// Something that changed, and who changed it.
public struct Cause: Sendable, Equatable {
    /// A kind of the API; or `Certificate`, whose name is the host; or `Htpasswd`, whose name is its path in Vault; or
    /// `HostPolicy`, whose name is its file.
    public var kind: String
    public var namespace: String
    public var name: String
    public var change: Change.Verb
    /// For a certificate, its version in Vault.
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

    init(_ change: ConfigurationDiff.HtpasswdChange) {
        kind = "Htpasswd"
        namespace = ""
        name = change.source.text
        self.change = change.verb
        resourceVersion = ""
        manager = nil
    }

    init(_ change: ConfigurationDiff.CertificateChange) {
        kind = "Certificate"
        namespace = ""
        name = change.host
        self.change = change.verb
        resourceVersion = change.certificate.version.map { "\($0.number)" } ?? ""
        manager = nil
    }
}
