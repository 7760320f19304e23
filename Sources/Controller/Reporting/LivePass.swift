public import Kubernetes
public import KubernetesAPI
public import Routing

/// The result of a pass whose configuration is live: nginx has loaded it, or no reload was necessary. Events and status
/// are derived from live passes only.
public struct LivePass: Sendable {
    public var snapshot: Snapshot
    public var routed: Router.Result
    public var certificates: [CertificateReport]
    /// nginx's message for each Ingress that it rejects.
    public var quarantined: [OwnerRef: String]
    /// The takeovers that are reported.
    public var takeovers: [RecordedTakeover]
    /// What the snapshot contains although its source no longer has it.
    public var disappearances: [Disappearance]

    public init(
        snapshot: Snapshot, routed: Router.Result, certificates: [CertificateReport], quarantined: [OwnerRef: String],
        takeovers: [RecordedTakeover] = [], disappearances: [Disappearance] = []
    ) {
        self.snapshot = snapshot
        self.routed = routed
        self.certificates = certificates
        self.quarantined = quarantined
        self.takeovers = takeovers
        self.disappearances = disappearances
    }
}
