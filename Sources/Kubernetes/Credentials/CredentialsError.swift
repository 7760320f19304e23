internal import KubernetesAPI

/// Why there are no credentials for the API server.
public struct CredentialsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, with its line where one is known; or the name of an environment variable or command.
    public var place: String
    /// Like `clusters[0].cluster.server`; empty where there is none.
    public var field: String
    /// What was expected and what was found.
    public var message: String

    init(_ place: String, field: String = "", _ message: String) {
        self.place = place
        self.field = field
        self.message = message
    }

    /// `/home/me/.kube/config: clusters[0].cluster.server: expected a URL like https://host:6443, found "nowhere"`
    public var description: String { field.isEmpty ? "\(place): \(message)" : "\(place): \(field): \(message)" }
}
