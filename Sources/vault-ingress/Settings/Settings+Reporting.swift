internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// The admin server, and the writes to the cluster.
extension Settings {
    static let adminAddress = Setting<AddressAndPort>(
        "admin-address", variable: "ADMIN_ADDRESS", default: .text("0.0.0.0:8080"),
        help: "Address of /healthz, /readyz, /metrics and /status", recording: .omitted
    ) { text throws(InvalidValue) in try AddressAndPort(text, defaultPort: ServicePort(8080)) }

    static let publishAddress = Setting<[LoadBalancerAddress]?>(
        "publish-address", variable: "PUBLISH_ADDRESS", default: .value(nil, named: "not written"),
        help: "Addresses or names of the load balancer, separated by commas, for the status of Ingresses",
        recording: .omitted,
        parse: Parsing.loadBalancerAddresses)

    static let publishService = Setting<ObjectKey?>(
        "publish-service", variable: "PUBLISH_SERVICE", default: .value(nil, named: nil),
        help: "Service NS/NAME whose addresses are published, instead of --publish-address", recording: .omitted,
        parse: Parsing.objectKey)

    static let leaseName = Setting<String>(
        "lease-name", variable: "LEASE_NAME", default: .text("vault-ingress"),
        help: "Name of the Lease of the leader, which writes Events and status", recording: .omitted,
        parse: Parsing.objectName)

    /// The namespace of this pod.
    static let podNamespace = Variable<String>(name: "POD_NAMESPACE", parse: Parsing.namespace)
}
