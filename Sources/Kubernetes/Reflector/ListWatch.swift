internal import KubernetesAPI

/// The requests of a `Reflector` for one kind of object.
protocol ListWatch<Object>: Sendable {
    associatedtype Object: CachedObject

    func list(_ request: ListRequest) async throws(KubernetesError) -> ObjectList<Object>

    /// Returns when the server has ended the stream regularly, or when `receive` has returned false.
    func watch(
        _ request: WatchRequest, _ receive: (WatchEvent<Object>) -> Bool
    ) async throws(KubernetesError)
}

/// The request for a page of a list (k8s API concepts: "Retrieving large results sets in chunks").
struct ListRequest: Sendable, Equatable {
    /// `0`: any version that the server has cached. A version: not older than that. Empty: the newest.
    var resourceVersion = ""
    var limit: Int?
    /// The `continue` token of the last page.
    var continuing: String?

    static let pageSize = 500
}

struct WatchRequest: Sendable, Equatable {
    var resourceVersion: String
    /// The time after which the server ends the stream regularly.
    var timeoutSeconds: Int

    /// - Parameter random: in 0..<1. Spreads the timeouts, so that the watches of all clients do not end at once.
    init(resourceVersion: String, random: Double) {
        self.resourceVersion = resourceVersion
        timeoutSeconds = 300 + Int(random * 301)
    }
}
