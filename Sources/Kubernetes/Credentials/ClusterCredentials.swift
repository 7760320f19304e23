internal import Basics
internal import HTTPClient
internal import KubernetesAPI

/// Where an API server is, whom to trust and who to be: what a kubeconfig's context or a pod's ServiceAccount says.
/// Nothing that may change is read yet but the certificate authority, to find trouble early.
public struct ClusterCredentials: Sendable {
    /// `https://host:port`, perhaps with a path; without a slash at its end.
    public internal(set) var server: String
    /// What the context or the ServiceAccount names as its own; not validated.
    public internal(set) var namespace: String?

    var trust: Trust = .system
    /// The name to verify, where it is not the URL's host.
    var serverName: String?
    var proxy: String?
    var login: Login = .none
    var identity: Identity?

    enum Trust: Sendable, Equatable {
        case system
        case authority(Material)
        case anything
    }

    /// Something that is written in place, or in a file that may change.
    enum Material: Sendable, Equatable {
        case data([UInt8])
        case file(String)
    }

    enum Login: Sendable, Equatable {
        case none
        case token(Secret)
        case tokenFile(String)
        case basic(user: String, password: Secret)
        case exec(ExecPlugin)
    }

    /// A client certificate and its key, PEM both.
    struct Identity: Sendable, Equatable {
        var certificate: Material
        var key: Material
    }
}

extension ClusterCredentials.Material {
    /// Blocks where it is a file.
    func read() throws(CredentialsError) -> [UInt8] {
        switch self {
        case .data(let bytes):
            return bytes
        case .file(let path):
            do {
                return try File.read(path)
            } catch {
                throw CredentialsError(path, "cannot be read: \(error.reason)")
            }
        }
    }
}

extension ClusterCredentials.Identity: CustomStringConvertible, CustomReflectable {
    var description: String { "<redacted>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
