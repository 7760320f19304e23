internal import Routing

/// The cluster and the Ingresses to serve.
extension Settings {
    static let kubeconfig = Setting<String?>(
        "kubeconfig", variable: "KUBECONFIG", default: .value(nil, named: "in-cluster"),
        help: "Kubeconfig file of the cluster", recording: .omitted, parse: Parsing.text)

    static let manifests = Setting<String?>(
        "manifests", variable: "MANIFESTS", default: .value(nil, named: nil),
        help: "Folder of YAML manifests to watch instead of a cluster", recording: .omitted, parse: Parsing.text)

    static let namespace = Setting<String?>(
        "namespace", variable: "WATCH_NAMESPACE", default: .value(nil, named: "all"), help: "Namespace to watch",
        recording: .described(or: "all"), parse: Parsing.namespace)

    static let ingressClass = Setting<String>(
        "ingress-class", variable: "INGRESS_CLASS", default: .text("vault-ingress"),
        help: "Value of the annotation kubernetes.io/ingress.class on Ingresses to serve", recording: .described,
        parse: Parsing.text)

    static let requireIngressClass = Setting<Bool>(
        "require-ingress-class", variable: nil, default: .value(false, named: nil),
        help: "Ignore Ingresses without a class", recording: .described, parse: Parsing.boolean)

    static let hostPolicy = Setting<String?>(
        "host-policy", variable: "HOST_POLICY", default: .value(nil, named: "none"),
        help: "YAML file of the namespaces that may claim each domain, watched for changes",
        recording: .described(or: "none"), parse: Parsing.text)

    static let disappearanceGrace = Setting<Duration>(
        "disappearance-grace", variable: "DISAPPEARANCE_GRACE", default: .text("30s"),
        help: "How long hosts are kept after the sudden loss of an IngressClass or of all objects; 0 for not at all",
        recording: .described
    ) { text throws(InvalidValue) in text == "0" ? .zero : try Duration(text: text) }

    static let kubernetesSecrets = Setting<Bool>(
        "kubernetes-secrets", variable: "KUBERNETES_SECRETS", default: .value(false, named: nil),
        help: "Also use certificates from spec.tls[].secretName; needs manifests/kubernetes-secrets/",
        recording: .described, parse: Parsing.boolean)

    static let clusterDomain = Setting<DNSName>(
        "cluster-domain", variable: "CLUSTER_DOMAIN", default: .text("cluster.local"),
        help: "DNS domain of the cluster", recording: .described, parse: DNSName.init)
}
