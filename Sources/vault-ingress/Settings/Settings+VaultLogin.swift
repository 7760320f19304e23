internal import Kubernetes
internal import Routing

/// The login to Vault.
extension Settings {
    static let vaultAuth = Setting<VaultSettings.Auth>(
        "vault-auth", variable: "VAULT_AUTH", default: .text("token"), help: Parsing.list(VaultSettings.Auth.self),
        recording: .omitted, parse: Parsing.oneOf(VaultSettings.Auth.self))

    static let vaultAuthMount = Setting<String?>(
        "vault-auth-mount", variable: "VAULT_AUTH_MOUNT", default: .value(nil, named: "the name of the method"),
        help: "Mount of the auth method", recording: .omitted, parse: Parsing.text)

    static let vaultRole = Setting<String?>(
        "vault-role", variable: "VAULT_ROLE", default: .value(nil, named: nil), help: "Role of the kubernetes method",
        recording: .omitted, parse: Parsing.text)

    static let vaultJWTFile = Setting<String?>(
        "vault-jwt-file", variable: "VAULT_JWT_FILE", default: .value(nil, named: "the token of the pod"),
        help: "File with the JWT of the ServiceAccount", recording: .omitted, parse: Parsing.text)

    static let vaultRoleID = Setting<String?>(
        "vault-role-id", variable: "VAULT_ROLE_ID", default: .value(nil, named: nil),
        help: "role_id of the approle method", recording: .omitted, parse: Parsing.text)

    static let vaultSecretIDFile = Setting<String?>(
        "vault-secret-id-file", variable: "VAULT_SECRET_ID_FILE", default: .value(nil, named: "the role needs none"),
        help: "File with the secret_id of the approle method", recording: .omitted, parse: Parsing.text)

    /// The Secret with the token, for compatibility with the predecessor of this program.
    static let vaultTokenSecret = Variable<SecretReference>(name: "VAULT_TOKEN_SECRET") {
        text throws(InvalidValue) in
        guard let reference = SecretReference(text) else {
            throw InvalidValue(text, expected: "NAMESPACE/NAME or NAMESPACE/NAME/KEY of a Secret")
        }
        return reference
    }
}
