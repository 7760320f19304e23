internal import KubernetesAPI

/// The API versions of the server, discovered once, on first use.
public actor DiscoveredVersions {
    private let client: KubernetesClient
    private var known: APIVersions?

    public init(client: KubernetesClient) {
        self.client = client
    }

    public func get() async throws(KubernetesError) -> APIVersions {
        if let known { return known }
        let found = try await client.discoverVersions()
        known = found
        return found
    }
}
