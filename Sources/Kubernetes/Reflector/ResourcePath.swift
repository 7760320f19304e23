internal import KubernetesAPI

/// The path of a kind of object on an API server. It may change while the program runs: an upgraded server no longer has
/// the version that was discovered.
struct ResourcePath: Sendable {
    /// The path now, such as `/apis/networking.k8s.io/v1/ingresses`.
    let current: @Sendable () async throws(KubernetesError) -> String
    /// Called when the server does not have a path that `current` has returned.
    private let wasNotFound: @Sendable (String) async -> Void

    init(
        current: @escaping @Sendable () async throws(KubernetesError) -> String,
        wasNotFound: @escaping @Sendable (String) async -> Void
    ) {
        self.current = current
        self.wasNotFound = wasNotFound
    }

    /// Sends a request to the current path.
    func request<Answer>(
        _ send: (String) async throws(KubernetesError) -> Answer
    ) async throws(KubernetesError) -> Answer {
        let path = try await current()
        do throws(KubernetesError) {
            return try await send(path)
        } catch {
            // Of a list or watch, unlike of an object, 404 means that the server does not have the version.
            if error.status?.code == 404 { await wasNotFound(path) }
            throw error
        }
    }
}

extension ResourcePath: ExpressibleByStringInterpolation {
    /// A path that every version of the server has.
    init(stringLiteral path: String) {
        self.init(current: { () async throws(KubernetesError) in path }, wasNotFound: { _ in })
    }
}
