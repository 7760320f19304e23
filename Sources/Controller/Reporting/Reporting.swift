public import Kubernetes
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Everything that is written into the cluster, and the election of the replica that writes it.
public struct Reporting: Sendable {
    public let leadership: Leadership
    /// To be run; the election is the last of them, so that it is the first to end.
    public let services: [any ServiceLifecycle.Service]
    private let recorder: EventRecorder
    private let publisher: StatusPublisher?

    /// - Parameters:
    ///   - lease: what the replicas agree by.
    ///   - pod: this replica's name.
    ///   - identity: the same with something that no other process has.
    ///   - published: nil where no status is written.
    public init(
        client: KubernetesClient, cache: ObjectCache, lease: ObjectKey, pod: String, identity: String,
        published: StatusPublisher.Source?, logger: Logger
    ) {
        leadership = Leadership(identity: identity)
        let versions = DiscoveredVersions(client: client)
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

    public func observe(_ turn: LivePass) async {
        await recorder.observe(turn)
        await publisher?.observe(turn)
    }
}
