public import Basics

/// How we prove to Vault who we are.
public enum LoginMethod: Sendable {
    /// A token that somebody else renews or replaces, or that never expires; it is renewed here where it may.
    case token(Secret)
    /// A file with a token, looked at again about every second while there are requests.
    case tokenFile(String)
    /// A token that is asked for at each login; `source` names where it comes from, for messages.
    case provided(source: String, @Sendable () async throws(VaultError) -> Secret)
    /// The ServiceAccount's JWT, read afresh for each login, against a role of the Kubernetes auth method.
    case kubernetes(
        mount: String = "kubernetes", role: String,
        jwtFile: String = "/var/run/secrets/kubernetes.io/serviceaccount/token")
    /// `secretIDFile` nil for a role with `bind_secret_id=false`.
    case appRole(mount: String = "approle", roleID: String, secretIDFile: String?)

    /// As `--vault-auth` spells it.
    public var name: String {
        switch self {
        case .token, .tokenFile, .provided: "token"
        case .kubernetes: "kubernetes"
        case .appRole: "approle"
        }
    }
}
