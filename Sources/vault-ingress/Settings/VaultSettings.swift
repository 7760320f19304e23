internal import Controller
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing
internal import Vault

/// The settings about Vault, every one checked.
struct VaultSettings {
    enum Auth: String, CaseIterable {
        case token, kubernetes, approle
    }

    enum Login {
        case method(LoginMethod)
        /// The predecessor's way: a token in a Secret of the cluster (`VAULT_TOKEN_SECRET`).
        case secret(SecretReference)
    }

    /// Nil without `VAULT_ADDR`, or with `VAULT_ENABLED=false`: no Vault is asked.
    var connection: (configuration: VaultConfiguration, login: Login)?
    var path: CertificatePathTemplate
    var refresh: Duration
    var pki: PKIRole?
    var startupWait: Duration
    var basicAuthPrefix: VaultPathPrefix

    /// - Throws: `UsageError` for the first value that does not fit.
    init(_ options: VaultOptions, _ reader: SettingReader) throws {
        path =
            try reader.read(
                options.vaultPath, flag: "--vault-path", variable: "VAULT_PATH", parse: CertificatePathTemplate.init)
            ?? CertificatePathTemplate("secret/ssl/{host}")
        basicAuthPrefix =
            try reader.read(
                options.basicAuthPrefix, flag: "--basic-auth-prefix", variable: "BASIC_AUTH_PREFIX",
                parse: VaultPathPrefix.init) ?? .basicAuth
        pki = try reader.read(options.vaultPki, flag: "--vault-pki", variable: "VAULT_PKI", parse: PKIRole.init)
        startupWait =
            try reader.read(
                options.vaultStartupWait, flag: "--vault-startup-wait", variable: "VAULT_STARTUP_WAIT",
                parse: Duration.init(text:)) ?? .seconds(10)
        let given = try reader.read(
            options.vaultRefresh, flag: "--vault-refresh", variable: "VAULT_REFRESH", parse: Self.interval)
        refresh = given ?? .seconds(60)
        let concurrency = try reader.read(
            options.vaultConcurrency, flag: "--vault-concurrency", variable: "VAULT_CONCURRENCY",
            parse: Parsing.number(1...1000))
        let kvVersion = try reader.read(
            options.vaultKvVersion, flag: "--vault-kv-version", variable: "VAULT_KV_VERSION",
            parse: Parsing.number(1...2))
        let auth =
            try reader.read(
                options.vaultAuth, flag: "--vault-auth", variable: "VAULT_AUTH", parse: Parsing.oneOf(Auth.self))
            ?? .token

        guard reader.environment["VAULT_ADDR"]?.isEmpty == false else { return }
        var configuration: VaultConfiguration
        do throws(VaultConfigurationError) {
            configuration = try VaultConfiguration(environment: reader.environment)
        } catch {
            throw UsageError("\(error)")
        }
        guard configuration.isEnabled else { return }
        refresh = given ?? configuration.refreshInterval ?? refresh
        configuration.concurrency = concurrency ?? configuration.concurrency
        configuration.kvVersion = kvVersion
        connection = (configuration, try Self.login(auth, options, reader, configuration))
    }

    private static func login(
        _ auth: Auth, _ options: VaultOptions, _ reader: SettingReader, _ configuration: VaultConfiguration
    ) throws -> Login {
        let mount =
            try reader.read(
                options.vaultAuthMount, flag: "--vault-auth-mount", variable: "VAULT_AUTH_MOUNT", parse: Parsing.text)
            ?? auth.rawValue
        func needed(_ given: String?, _ flag: String, _ variable: String) throws -> String {
            guard let value = try reader.read(given, flag: flag, variable: variable, parse: Parsing.text) else {
                throw UsageError("--vault-auth \(auth.rawValue): expected \(flag) or \(variable) as well, found none")
            }
            return value
        }
        switch auth {
        case .token:
            if let file = configuration.tokenFile { return .method(.tokenFile(file)) }
            if let token = configuration.token { return .method(.token(token)) }
            let secret = try reader.read(nil, flag: "", variable: "VAULT_TOKEN_SECRET", parse: Self.secret)
            guard let secret else {
                throw UsageError("VAULT_ADDR is set: expected VAULT_TOKEN, VAULT_TOKEN_FILE or another --vault-auth")
            }
            return .secret(secret)
        case .kubernetes:
            let role = try needed(options.vaultRole, "--vault-role", "VAULT_ROLE")
            let file = try reader.read(
                options.vaultJwtFile, flag: "--vault-jwt-file", variable: "VAULT_JWT_FILE", parse: Parsing.text)
            guard let file else { return .method(.kubernetes(mount: mount, role: role)) }
            return .method(.kubernetes(mount: mount, role: role, jwtFile: file))
        case .approle:
            let file = try reader.read(
                options.vaultSecretIdFile, flag: "--vault-secret-id-file", variable: "VAULT_SECRET_ID_FILE",
                parse: Parsing.text)
            let role = try needed(options.vaultRoleId, "--vault-role-id", "VAULT_ROLE_ID")
            return .method(.appRole(mount: mount, roleID: role, secretIDFile: file))
        }
    }

    private static func secret(_ text: String) throws(InvalidValue) -> SecretReference {
        guard let reference = SecretReference(text) else {
            throw InvalidValue(text, expected: "NAMESPACE/NAME or NAMESPACE/NAME/KEY of a Secret")
        }
        return reference
    }

    private static func interval(_ text: String) throws(InvalidValue) -> Duration {
        let duration = try Duration(text: text)
        guard duration >= .seconds(1) else { throw InvalidValue(text, expected: "at least 1s") }
        return duration
    }
}
