internal import KubernetesAPI

/// A problem that makes the credentials for the API server unusable.
public struct CredentialsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, with its line if known; or the name of an environment variable or command.
    var place: String
    /// A path such as `clusters[0].cluster.server`; may be empty.
    var field: String
    /// What was expected and what was found.
    var message: String

    init(_ place: String, field: String = "", _ message: String) {
        self.place = place
        self.field = field
        self.message = message
    }

    /// `/home/me/.kube/config: clusters[0].cluster.server: expected a URL like https://host:6443, found "nowhere"`
    public var description: String { field.isEmpty ? "\(place): \(message)" : "\(place): \(field): \(message)" }
}
