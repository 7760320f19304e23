internal import Basics
internal import Controller
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import Logging
internal import Routing

extension Assembly {
    /// The services that write Events and status, and elect the replica that writes.
    static func reporting(
        _ settings: RunSettings, client: KubernetesClient, versions: DiscoveredVersions, cache: ObjectCache,
        pod: String, logger: Logger
    ) throws -> Reporting {
        Reporting(
            client: client, versions: versions, cache: cache,
            lease: ObjectKey(namespace: try leaseNamespace(settings, client), name: settings.leaseName), pod: pod,
            // A pod that restarts under the same name is another process: the Lease of the old one is not its own.
            identity: "\(pod)_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))",
            published: settings.published, logger: logger)
    }

    /// The namespace in which this program runs.
    private static func leaseNamespace(_ settings: RunSettings, _ client: KubernetesClient) throws -> String {
        if let namespace = settings.podNamespace { return namespace }
        guard let found = client.namespace?.trimmed, !found.isEmpty else {
            return "default"
        }
        do throws(InvalidValue) {
            return try Parsing.namespace(found)
        } catch {
            throw StartupError(
                "POD_NAMESPACE is not set, and the namespace of the ServiceAccount or kubeconfig is invalid: \(error)")
        }
    }
}
