/// The operator's settings for routing.
public struct RoutingOptions: Sendable, Equatable {
    /// `spec.controller` of the IngressClasses that this controller handles.
    public static let controllerName = "vault-ingress.io/controller"

    /// The value of the annotation `kubernetes.io/ingress.class` on Ingresses that this controller handles.
    public var ingressClass: String
    /// True if an Ingress without a class is ignored.
    public var requireIngressClass: Bool
    /// The DNS domain of the cluster, usually `cluster.local`.
    public var clusterDomain: DNSName
    /// The paths in Vault of the htpasswd files that an Ingress may name.
    public var basicAuthPrefix: VaultPathPrefix
    /// The paths in Vault of the certificates that an Ingress may name; nil for none.
    public var vaultPathPrefix: VaultPathPrefix?
    /// True if `spec.tls[].secretName` is read for Ingresses without the label `ssl`.
    public var kubernetesSecrets: Bool
    /// True if there is a certificate for names that no Ingress claims.
    public var hasDefaultCertificate: Bool
    public var upstreams: UpstreamForm
    public var budgets: BudgetLimits

    public init(
        ingressClass: String, requireIngressClass: Bool, clusterDomain: DNSName,
        basicAuthPrefix: VaultPathPrefix = .basicAuth, vaultPathPrefix: VaultPathPrefix? = nil,
        kubernetesSecrets: Bool = false, hasDefaultCertificate: Bool = false, upstreams: UpstreamForm = .dns,
        budgets: BudgetLimits = .standard
    ) {
        self.ingressClass = ingressClass
        self.requireIngressClass = requireIngressClass
        self.clusterDomain = clusterDomain
        self.basicAuthPrefix = basicAuthPrefix
        self.vaultPathPrefix = vaultPathPrefix
        self.kubernetesSecrets = kubernetesSecrets
        self.hasDefaultCertificate = hasDefaultCertificate
        self.upstreams = upstreams
        self.budgets = budgets
    }
}
