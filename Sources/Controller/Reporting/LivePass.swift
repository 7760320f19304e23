internal import Kubernetes
public import KubernetesAPI
public import Routing

/// What the loop knows after a turn whose configuration is live: because nginx took it, or because nothing had to be
/// reloaded. What is told to application teams is told of this, never of what is only on its way.
public struct LivePass: Sendable {
    public var snapshot: Snapshot
    public var routed: Router.Result
    public var certificates: [CertificateReport]

    /// nginx's words, by the Ingress that it refuses.
    public var quarantined: [OwnerRef: String]

    public init(
        snapshot: Snapshot, routed: Router.Result, certificates: [CertificateReport], quarantined: [OwnerRef: String]
    ) {
        self.snapshot = snapshot
        self.routed = routed
        self.certificates = certificates
        self.quarantined = quarantined
    }
}
