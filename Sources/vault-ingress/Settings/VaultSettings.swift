internal import Controller
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing
internal import Vault

/// The settings about Vault, parsed and checked.
struct VaultSettings {
    enum Auth: String, CaseIterable {
        case token, kubernetes, approle
    }

    enum Login {
        case method(LoginMethod)
        /// A token in a Secret of the cluster (`VAULT_TOKEN_SECRET`).
        case secret(SecretReference)
    }

    /// Nil if Vault is not used: without `VAULT_ADDR`, or with `VAULT_ENABLED=false`.
    let connection: (configuration: VaultConfiguration, login: Login)?
    let path: CertificatePathTemplate
    let refresh: Duration
    let pki: PKIRole?
    let startupWait: Duration
    let isReadyWithoutCertificates: Bool
    let pathPrefix: VaultPathPrefix?
    let basicAuthPrefix: VaultPathPrefix

    /// - Throws: `UsageError` for the first invalid value.
    init(_ options: VaultOptions, _ reader: inout SettingReader) throws {
        let configuration = try Self.configuration(reader.environment)
        path = try reader.value(Settings.vaultPath, options.vaultPath)
        pathPrefix = try reader.value(Settings.vaultPathPrefix, options.vaultPathPrefix)
        basicAuthPrefix = try reader.value(Settings.basicAuthPrefix, options.basicAuthPrefix)
        pki = try reader.value(Settings.vaultPKI, options.vaultPKI)
        startupWait = try reader.value(Settings.vaultStartupWait, options.vaultStartupWait)
        isReadyWithoutCertificates = try reader.isOn(
            Settings.readyWithoutCertificates, options.readyWithoutCertificates)
        refresh = try reader.value(
            Settings.vaultRefresh, options.vaultRefresh, fallback: configuration?.refreshInterval)
        let concurrency = try reader.value(Settings.vaultConcurrency, options.vaultConcurrency)
        let kvVersion = try reader.value(Settings.vaultKVVersion, options.vaultKVVersion)
        let auth = try reader.value(Settings.vaultAuth, options.vaultAuth)
        guard var configuration else {
            connection = nil
            return
        }
        configuration.concurrency = concurrency
        configuration.kvVersion = kvVersion
        connection = (configuration, try Self.login(auth, options, &reader, configuration))
    }

    private static func configuration(_ environment: [String: String]) throws(UsageError) -> VaultConfiguration? {
        guard environment["VAULT_ADDR"]?.isEmpty == false else { return nil }
        do throws(VaultConfigurationError) {
            let configuration = try VaultConfiguration(environment: environment)
            return configuration.isEnabled ? configuration : nil
        } catch {
            throw UsageError("\(error)")
        }
    }

    private static func login(
        _ auth: Auth, _ options: VaultOptions, _ reader: inout SettingReader, _ configuration: VaultConfiguration
    ) throws(UsageError) -> Login {
        let mount = try reader.value(Settings.vaultAuthMount, options.vaultAuthMount) ?? auth.rawValue
        let flag = Settings.vaultAuth.flag
        switch auth {
        case .token:
            if let file = configuration.tokenFile { return .method(.tokenFile(file)) }
            if let token = configuration.token { return .method(.token(token)) }
            guard let secret = try reader.value(of: Settings.vaultTokenSecret) else {
                throw UsageError(
                    "VAULT_ADDR is set without a login: expected VAULT_TOKEN or VAULT_TOKEN_FILE, or \(flag) kubernetes or approle, got none"
                )
            }
            return .secret(secret)
        case .kubernetes:
            let role = try reader.required(
                Settings.vaultRole, options.vaultRole, for: flag, value: auth.rawValue)
            let file = try reader.value(Settings.vaultJWTFile, options.vaultJWTFile)
            guard let file else { return .method(.kubernetes(mount: mount, role: role)) }
            return .method(.kubernetes(mount: mount, role: role, jwtFile: file))
        case .approle:
            let file = try reader.value(Settings.vaultSecretIDFile, options.vaultSecretIDFile)
            let role = try reader.required(
                Settings.vaultRoleID, options.vaultRoleID, for: flag, value: auth.rawValue)
            return .method(.appRole(mount: mount, roleID: role, secretIDFile: file))
        }
    }
}
