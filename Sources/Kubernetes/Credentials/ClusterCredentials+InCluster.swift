internal import KubernetesAPI

extension ClusterCredentials {
    /// Where a pod finds its ServiceAccount (k8s docs: "Accessing the API from within a Pod").
    public static let serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The credentials of the pod this program runs in.
    /// - Throws: where this is no pod, or its ServiceAccount is not mounted.
    public static func inCluster(
        environment: [String: String], directory: String = serviceAccountDirectory
    ) throws(CredentialsError) -> ClusterCredentials {
        func variable(_ name: String) throws(CredentialsError) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw CredentialsError(
                    name,
                    "not set; expected the address that Kubernetes gives to every pod (outside of one, a kubeconfig is needed)"
                )
            }
            return value
        }
        let host = try variable("KUBERNETES_SERVICE_HOST")
        let port = try variable("KUBERNETES_SERVICE_PORT")
        let token = "\(directory)/token"
        let authority = Material.file("\(directory)/ca.crt")
        _ = try authority.read()
        _ = try Material.file(token).read()
        let namespace = try? Material.file("\(directory)/namespace").read()
        return ClusterCredentials(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            namespace: namespace.map { String(decoding: $0, as: UTF8.self) }, trust: .authority(authority),
            login: .tokenFile(token))
    }
}
