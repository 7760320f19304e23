import HTTPClient

extension VaultConfiguration {
    /// Reads the standard `VAULT_*` variables. The predecessor's names apply if the standard ones are not set. An empty
    /// variable is not set. Files are read later.
    ///
    /// - Throws: the first invalid value, in the order of this table.
    ///
    /// | variable | |
    /// |---|---|
    /// | `VAULT_ENABLED` | a boolean; if false, no other variable is read |
    /// | `VAULT_ADDR` | `https://…`, `http://…` or `unix:///…` |
    /// | `VAULT_NAMESPACE`, `VAULT_TOKEN`, `VAULT_TOKEN_FILE` | |
    /// | `VAULT_CACERT`, else `VAULT_CACERT_BYTES`, else `VAULT_CAPATH` | file, PEM text, folder |
    /// | `VAULT_CLIENT_CERT`, `VAULT_CLIENT_KEY` | files, both or none |
    /// | `VAULT_TLS_SERVER_NAME`, `VAULT_SKIP_VERIFY` | a name, a boolean |
    /// | `VAULT_CLIENT_TIMEOUT` or `VAULT_TIMEOUT` | seconds, or a duration such as `1m30s` |
    /// | `VAULT_MAX_RETRIES` or `VAULT_RETRIES` | 0 or more |
    /// | `VAULT_RATE_LIMIT` | `rate[:burst]`, requests a second |
    /// | `VAULT_PROXY_ADDR` | a URL |
    /// | `VAULT_REFRESH_INTERVAL` | minutes |
    public init(environment: [String: String]) throws(VaultConfigurationError) {
        self.init()
        let variables = VaultVariables(environment)
        isEnabled = try variables.boolean("VAULT_ENABLED") ?? true
        guard isEnabled else { return }
        (address, unixSocket) = try variables.address("VAULT_ADDR") ?? (address, nil)
        namespace = try variables.headerValue("VAULT_NAMESPACE")
        token = try variables.secret("VAULT_TOKEN")
        tokenFile = variables.text("VAULT_TOKEN_FILE")
        trust = try variables.trust()
        clientCertificate = try variables.clientCertificate()
        serverName = try variables.headerValue("VAULT_TLS_SERVER_NAME")
        timeout = try variables.duration("VAULT_CLIENT_TIMEOUT", older: "VAULT_TIMEOUT") ?? timeout
        maximumRetries = try variables.count("VAULT_MAX_RETRIES", older: "VAULT_RETRIES") ?? maximumRetries
        rateLimit = try variables.rateLimit("VAULT_RATE_LIMIT")
        proxy = try variables.proxy("VAULT_PROXY_ADDR")
        refreshInterval = try variables.minutes("VAULT_REFRESH_INTERVAL")
    }
}
