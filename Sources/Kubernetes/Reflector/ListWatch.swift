internal import KubernetesAPI

/// What a `Reflector` needs of an API server, for one kind of object.
protocol ListWatch<Object>: Sendable {
    associatedtype Object: CachedObject

    func list(_ request: ListRequest) async throws(KubernetesError) -> ObjectList<Object>

    /// Returns when the server ended the stream in good order, or when `receive` returned false.
    func watch(
        _ request: WatchRequest, _ receive: (WatchEvent<Object>) -> Bool
    ) async throws(KubernetesError)
}

/// One page of a list (k8s API concepts: "Retrieving large results sets in chunks").
struct ListRequest: Sendable, Equatable {
    /// `0`: whatever the server has at hand. A version: not older than that. Empty: the newest.
    var resourceVersion = ""
    var limit: Int?
    var continuing: String?

    static let pageSize = 500
}

struct WatchRequest: Sendable, Equatable {
    var resourceVersion: String
    /// After which the server ends the stream in good order.
    var timeoutSeconds: Int

    /// - Parameter random: in 0..<1. Spread, so that not all watches of all clients end at once.
    init(resourceVersion: String, random: Double) {
        self.resourceVersion = resourceVersion
        timeoutSeconds = 300 + Int(random * 301)
    }
}
