public import Basics

/// A way to log in to Vault.
public enum LoginMethod: Sendable {
    /// A fixed token, which is renewed if possible.
    case token(Secret)
    /// A file with a token, which is read again about every second while there are requests.
    case tokenFile(String)
    /// A token that a function returns at each login; `source` names its origin in messages.
    case provided(source: String, @Sendable () async throws(VaultError) -> Secret)
    /// The Kubernetes auth method: the JWT of the ServiceAccount, read at each login, for a role.
    case kubernetes(
        mount: String = "kubernetes", role: String,
        jwtFile: String = "/var/run/secrets/kubernetes.io/serviceaccount/token")
    /// `secretIDFile` is nil for a role with `bind_secret_id=false`.
    case appRole(mount: String = "approle", roleID: String, secretIDFile: String?)

    /// Whether a login creates a token, which belongs to this process.
    var createsTokens: Bool {
        switch self {
        case .token, .tokenFile, .provided: false
        case .kubernetes, .appRole: true
        }
    }

    /// The value of `--vault-auth`.
    public var name: String {
        switch self {
        case .token, .tokenFile, .provided: "token"
        case .kubernetes: "kubernetes"
        case .appRole: "approle"
        }
    }
}
