public import Kubernetes
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// The services that write into the cluster, and the election of the replica that writes.
public struct Reporting: Sendable {
    public let leadership: Leadership
    /// The services to run. The election is the last one, so that it is the first one to be shut down.
    public let services: [any ServiceLifecycle.Service]
    private let recorder: EventRecorder
    private let publisher: StatusPublisher?

    /// - Parameters:
    ///   - versions: shared with the source of objects, which notices when the server drops one.
    ///   - lease: the Lease by which the replicas elect the writer.
    ///   - pod: the name of this replica.
    ///   - identity: a name that no other process has.
    ///   - published: nil if no status is written.
    public init(
        client: KubernetesClient, versions: DiscoveredVersions, cache: ObjectCache, lease: ObjectKey, pod: String,
        identity: String, published: StatusPublisher.Source?, logger: Logger
    ) {
        leadership = Leadership(identity: identity)
        recorder = EventRecorder(
            client: client, versions: versions, leadership: leadership, host: pod, logger: logger)
        publisher = published.map { [leadership] source in
            StatusPublisher(
                source: source, manager: FieldManager(lease: lease), client: client, versions: versions, cache: cache,
                leadership: leadership, logger: logger)
        }
        let writers: [(any ServiceLifecycle.Service)?] = [recorder, publisher]
        services =
            writers.compactMap { $0 }
            + [LeaderElection(client: client, lease: lease, leadership: leadership, logger: logger)]
    }

    public func observe(_ pass: LivePass) async {
        await recorder.observe(pass)
        await publisher?.observe(pass)
    }
}
