internal import ArgumentParser

/// The flags about Vault, as given. Where Vault is, and how it is trusted, the `VAULT_*` variables say; without
/// `VAULT_ADDR` no Vault is asked.
struct VaultOptions: ParsableArguments {
    @Option(
        help: "Path of a host's certificate; {host}, {namespace}, {ingress} (default: secret/ssl/{host}). [VAULT_PATH]")
    var vaultPath: String?
    @Option(
        help: "Below it lie the users an Ingress may name (default: secret/basic-auth/{namespace}). [BASIC_AUTH_PREFIX]"
    )
    var basicAuthPrefix: String?
    @Option(help: "A new version in Vault is served within this time (default: 60s). [VAULT_REFRESH]")
    var vaultRefresh: String?
    @Option(help: "token, kubernetes or approle (default: token). [VAULT_AUTH]")
    var vaultAuth: String?
    @Option(help: "Mount of the auth method (default: its name). [VAULT_AUTH_MOUNT]")
    var vaultAuthMount: String?
    @Option(help: "Role of the kubernetes method. [VAULT_ROLE]")
    var vaultRole: String?
    @Option(help: "File of the ServiceAccount's JWT (default: where a pod has it). [VAULT_JWT_FILE]")
    var vaultJwtFile: String?
    @Option(help: "role_id of the approle method. [VAULT_ROLE_ID]")
    var vaultRoleId: String?
    @Option(help: "File of the secret_id of the approle method (default: the role needs none). [VAULT_SECRET_ID_FILE]")
    var vaultSecretIdFile: String?
    @Option(help: "Requests under way at once (default: 32). [VAULT_CONCURRENCY]")
    var vaultConcurrency: String?
    @Option(help: "1 or 2 (default: asked of Vault). [VAULT_KV_VERSION]")
    var vaultKvVersion: String?
    @Option(help: "MOUNT/ROLE of a PKI engine that makes what is not found (default: none). [VAULT_PKI]")
    var vaultPki: String?
    @Option(help: "How long the first configuration waits for certificates (default: 10s). [VAULT_STARTUP_WAIT]")
    var vaultStartupWait: String?
}
