internal import Basics
internal import HTTPClient
internal import KubernetesAPI

/// The address, trust and login of an API server, from a context of a kubeconfig or from a pod's ServiceAccount.
///
/// Files that may change are read later. Only the certificate authority is read once at the start, to find errors
/// early.
public struct ClusterCredentials: Sendable {
    /// `https://host:port`, optionally with a path; without a trailing slash.
    public internal(set) var server: String
    /// The namespace of the context or the ServiceAccount; not validated.
    var namespace: String?

    var trust: Trust = .system
    /// The name to verify instead of the URL's host.
    var serverName: String?
    var proxy: String?
    var login: Login = .none
    var identity: Identity?

    enum Trust: Sendable, Equatable {
        case system
        case authority(Material)
        case anything
    }

    /// Inline data, or a file that may change.
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

    /// A client certificate and its key, in PEM.
    struct Identity: Sendable, Equatable {
        var certificate: Material
        var key: Material
    }
}

extension ClusterCredentials.Material {
    /// Blocks while it reads a file.
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
