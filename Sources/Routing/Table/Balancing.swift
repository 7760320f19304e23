/// The origin of the addresses of Services.
public enum UpstreamForm: String, Sendable, CaseIterable {
    /// The pods of a Service, from its EndpointSlices, over connections that nginx keeps.
    case endpoints
    /// The Service's name, which nginx resolves at request time.
    case dns
}

/// How nginx selects a pod for a request.
public enum LoadBalancing: String, Sendable, Hashable, Codable, CaseIterable {
    case roundRobin = "round_robin"
    /// The pod with the fewest requests in progress.
    case leastConnections = "least_conn"
    /// The one of two random pods with the fewest requests in progress. Replicas of nginx that do not know of each other's
    /// requests do not all select the same pod.
    case randomTwo = "random_two"

    /// By the value of the annotation.
    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

/// What the requests to one Service have in common that share connections to its pods.
public struct Balancing: Sendable, Hashable, Codable {
    public var method: LoadBalancing
    /// nginx keeps connections by address: one that was opened for another protocol must not be used.
    public var backendProtocol: BackendProtocol

    public init(method: LoadBalancing = .roundRobin, backendProtocol: BackendProtocol = .http) {
        self.method = method
        self.backendProtocol = backendProtocol
    }
}
