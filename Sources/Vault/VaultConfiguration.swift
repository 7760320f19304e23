public import Basics
public import HTTPClient

/// The address of Vault, its TLS options and the limits of its client.
public struct VaultConfiguration: Sendable {
    public struct RateLimit: Sendable, Equatable {
        public var perSecond: Double
        /// The number of requests that may be sent at once after a pause.
        public var burst: Int

        public init(perSecond: Double, burst: Int) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// The files of the client certificate and its key, in PEM.
    public struct ClientCertificate: Sendable, Equatable {
        public var certificateFile: String
        public var keyFile: String

        public init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// False (`VAULT_ENABLED=false`): the controller runs without Vault.
    public var isEnabled = true
    /// `https://vault.example.com:8200`, without a trailing slash; `http://localhost` with a unix socket.
    public var address = "https://127.0.0.1:8200"
    /// The path of a unix domain socket (`VAULT_ADDR=unix:///…`).
    public var unixSocket: String?
    public var namespace: String?
    public var trust: TLSOptions.Trust = .system
    public var clientCertificate: ClientCertificate?
    /// The name to send and verify instead of the host of `address`.
    public var serverName: String?
    /// The limit for one attempt.
    public var timeout: Duration = .seconds(60)
    /// The number of attempts after the first one.
    public var maximumRetries = 2
    public var rateLimit: RateLimit?
    /// The URL of an HTTP proxy.
    public var proxy: String?
    /// The number of concurrent requests (`--vault-concurrency`).
    public var concurrency = 32
    /// 1 or 2 (`--vault-kv-version`); nil to detect it.
    public var kvVersion: Int?
    /// `VAULT_TOKEN`, for the choice of the login method.
    public var token: Secret?
    /// `VAULT_TOKEN_FILE`, for the choice of the login method.
    public var tokenFile: String?
    /// `VAULT_REFRESH_INTERVAL`, a variable of the predecessor, in minutes.
    public var refreshInterval: Duration?

    public init() {}
}

/// An invalid environment variable.
public struct VaultConfigurationError: Error, Equatable, CustomStringConvertible {
    let variable: String
    /// Nil if the value is a secret.
    let found: String?
    let expected: String

    public var description: String {
        if let found {
            "\(variable) '\(found)': expected \(expected), got '\(found)'"
        } else {
            "\(variable): expected \(expected)"
        }
    }
}
