internal import KubernetesAPI

extension ClusterCredentials {
    /// Reads the credentials of the pod in which this program runs.
    ///
    /// - Parameter directory: the mounted ServiceAccount (k8s docs: "Accessing the API from within a Pod").
    /// - Throws: outside of a pod, or if the ServiceAccount is not mounted.
    public static func inCluster(
        environment: [String: String], directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(CredentialsError) -> ClusterCredentials {
        func variable(_ name: String) throws(CredentialsError) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw CredentialsError(
                    name,
                    "not set; expected the address that Kubernetes sets in every pod (outside of a pod, use a kubeconfig)"
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
