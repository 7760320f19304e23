internal import ArgumentParser

/// The flags about Vault, as given. The standard `VAULT_*` variables contain Vault's address and its CA; without
/// `VAULT_ADDR`, Vault is not used.
struct VaultOptions: ParsableArguments {
    @Option(Settings.vaultPath) var vaultPath: String?
    @Option(Settings.vaultPathPrefix) var vaultPathPrefix: String?
    @Option(Settings.basicAuthPrefix) var basicAuthPrefix: String?
    @Option(Settings.vaultRefresh) var vaultRefresh: String?
    @Option(Settings.vaultAuth) var vaultAuth: String?
    @Option(Settings.vaultAuthMount) var vaultAuthMount: String?
    @Option(Settings.vaultRole) var vaultRole: String?
    @Option(Settings.vaultJWTFile) var vaultJWTFile: String?
    @Option(Settings.vaultRoleID) var vaultRoleID: String?
    @Option(Settings.vaultSecretIDFile) var vaultSecretIDFile: String?
    @Option(Settings.vaultConcurrency) var vaultConcurrency: String?
    @Option(Settings.vaultKVVersion) var vaultKVVersion: String?
    @Option(Settings.vaultPKI) var vaultPKI: String?
    @Option(Settings.vaultStartupWait) var vaultStartupWait: String?
    @Flag(Settings.readyWithoutCertificates) var readyWithoutCertificates = false
}
