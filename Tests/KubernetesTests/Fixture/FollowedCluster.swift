import Foundation
import HTTPClient
import Logging
import TestBed

@testable import Kubernetes
@testable import KubernetesAPI

/// A source that reads a bed's API server through a relay.
struct FollowedCluster: Sendable {
    let bed: Bed
    let cache: ObjectCache
    let relay: Relay
    let log = LogRecorder()

    /// - Parameter namespace: nil for all namespaces.
    static func run(
        _ bed: Bed, namespace: String?, body: @escaping @Sendable (FollowedCluster) async throws -> Void
    ) async throws {
        let credentials = try ClusterCredentials.kubeconfig(file: bed.kubeconfig.path)
        guard let port = URL(string: credentials.server)?.port else { throw BedError("no port: \(credentials.server)") }
        try await Relay.run(to: UInt16(port)) { relay in
            var credentials = credentials
            credentials.server = "https://127.0.0.1:\(relay.port)"
            let cluster = FollowedCluster(bed: bed, cache: ObjectCache(), relay: relay)
            let client = KubernetesClient(credentials: credentials, http: HTTPClient(), logger: .quiet)
            let source = ClusterSource(
                client: client, namespace: namespace, cache: cluster.cache, ingressMetadata: MetadataFilter(),
                logger: cluster.log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                try await body(cluster)
                group.cancelAll()
            }
        }
    }

    func apply(_ names: [String], namespace: String, host: String = "a.example.com") async throws {
        for name in names { try await bed.api.apply(bed.ingress(name, namespace: namespace, host: host)) }
    }

    func delete(_ name: String, namespace: String) async throws {
        try await bed.api.delete(bed.ingress(name, namespace: namespace, host: "a.example.com"))
    }

    /// Waits until the cache is synced and holds exactly these Ingresses of the namespace.
    func expect(_ names: [String], namespace: String) async throws {
        try await eventually("the cache holds \(names.count) Ingresses", within: .seconds(60)) {
            cache.isSynced && self.names(namespace) == names.sorted()
        }
    }

    func names(_ namespace: String) -> [String] {
        cache.take().snapshot.ingresses.keys.filter { $0.namespace == namespace }.map(\.name).sorted()
    }
}
