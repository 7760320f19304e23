/// The operator's settings that decide about routing.
public struct RoutingOptions: Sendable, Equatable {
    /// What `spec.controller` of an IngressClass says when the class is ours.
    public static let controllerName = "vault-ingress.io/controller"

    /// The value of the annotation `kubernetes.io/ingress.class` that makes an Ingress ours.
    public var ingressClass: String
    /// Whether an Ingress without any class is left alone.
    public var requireIngressClass: Bool
    /// The cluster's DNS domain, `cluster.local` in most.
    public var clusterDomain: DNSName
    /// Where the lists of users lie that an Ingress may name.
    public var basicAuthPrefix: VaultPathPrefix
    /// Whether `spec.tls[].secretName` counts, where the label `ssl` does not say Vault.
    public var kubernetesSecrets: Bool
    /// Whether names that nobody claims have a certificate.
    public var hasDefaultCertificate: Bool

    public init(
        ingressClass: String, requireIngressClass: Bool, clusterDomain: DNSName,
        basicAuthPrefix: VaultPathPrefix = .basicAuth, kubernetesSecrets: Bool = false,
        hasDefaultCertificate: Bool = false
    ) {
        self.ingressClass = ingressClass
        self.requireIngressClass = requireIngressClass
        self.clusterDomain = clusterDomain
        self.basicAuthPrefix = basicAuthPrefix
        self.kubernetesSecrets = kubernetesSecrets
        self.hasDefaultCertificate = hasDefaultCertificate
    }
}
