internal import Controller
internal import Kubernetes
internal import NginxConfig
internal import Routing

/// Vault and its secrets. `VaultConfiguration` reads the standard `VAULT_*` variables.
extension Settings {
    static let vaultPath = Setting<CertificatePathTemplate>(
        "vault-path", variable: "VAULT_PATH", default: .text("secret/ssl/{host}"),
        help: "Path in Vault of a host's certificate; may contain {host}, {namespace}, {ingress}",
        recording: .described,
        parse: CertificatePathTemplate.init)

    /// Nil if no Ingress may name the path of its certificate.
    static let vaultPathPrefix = Setting<VaultPathPrefix?>(
        "vault-path-prefix", variable: "VAULT_PATH_PREFIX", default: .value(nil, named: "none"),
        help: "Path in Vault below which Ingresses may name their certificate; may contain {namespace}",
        recording: .text { $0.map { "\($0)" } ?? "none" }, parse: VaultPathPrefix.init)

    static let basicAuthPrefix = Setting<VaultPathPrefix>(
        "basic-auth-prefix", variable: "BASIC_AUTH_PREFIX", default: .text("\(VaultPathPrefix.basicAuth)"),
        help: "Path in Vault below which Ingresses may name htpasswd files", recording: .described,
        parse: VaultPathPrefix.init)

    static let defaultCertificate = Setting<String?>(
        "default-certificate", variable: "DEFAULT_CERTIFICATE", default: .value(nil, named: "none"),
        help: "Path in Vault of the certificate for names that no Ingress claims", recording: .described(or: "none"),
        parse: Parsing.vaultPath)

    static let vaultRefresh = Setting<Duration>(
        "vault-refresh", variable: "VAULT_REFRESH", default: .text("60s"),
        help: "Time within which a new version in Vault is served", recording: .described
    ) { text throws(InvalidValue) in
        let duration = try Duration(text: text)
        guard duration >= .seconds(1) else { throw InvalidValue(text, expected: "at least 1s") }
        return duration
    }

    static let vaultPKI = Setting<PKIRole?>(
        "vault-pki", variable: "VAULT_PKI", default: .value(nil, named: "none"),
        help: "MOUNT/ROLE of a PKI engine that issues missing certificates",
        recording: .text { $0.map { "\($0)" } ?? "none" }, parse: PKIRole.init)

    static let vaultStartupWait = Setting<Duration>(
        "vault-startup-wait", variable: "VAULT_STARTUP_WAIT", default: .text("10s"),
        help: "Maximum time that the first configuration waits for certificates", recording: .omitted,
        parse: Duration.init(text:))

    static let readyWithoutCertificates = Setting<Bool>(
        "ready-without-certificates", variable: "READY_WITHOUT_CERTIFICATES", default: .value(false, named: nil),
        help: "Be ready before Vault has answered for every certificate", recording: .omitted,
        parse: Parsing.boolean)

    static let vaultConcurrency = Setting<Int>(
        "vault-concurrency", variable: "VAULT_CONCURRENCY", default: .text("32"),
        help: "Maximum number of concurrent requests to Vault", recording: .omitted, parse: Parsing.number(1...1000))

    /// Nil if the version is detected.
    static let vaultKVVersion = Setting<Int?>(
        "vault-kv-version", variable: "VAULT_KV_VERSION", default: .value(nil, named: "detected"),
        help: "Version of the KV engine, 1 or 2", recording: .omitted
    ) { text throws(InvalidValue) in try Parsing.number(1...2)(text) }
}
