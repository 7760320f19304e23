public import Basics
public import HTTPClient

/// Where Vault is and how to talk to it. Who we are is said by `LoginMethod`.
public struct VaultConfiguration: Sendable {
    public struct RateLimit: Sendable, Equatable {
        public var perSecond: Double
        /// How many may go at once after a quiet time.
        public var burst: Int

        public init(perSecond: Double, burst: Int) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// Files of the client's certificate and key, PEM.
    public struct ClientCertificate: Sendable, Equatable {
        public var certificateFile: String
        public var keyFile: String

        public init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// False (`VAULT_ENABLED=false`): there is no Vault, and nothing is asked of it.
    public var isEnabled = true
    /// `https://vault.example.com:8200`, no slash at the end; `http://localhost` with a unix socket.
    public var address = "https://127.0.0.1:8200"
    /// Path of a unix domain socket (`VAULT_ADDR=unix:///…`).
    public var unixSocket: String?
    public var namespace: String?
    public var trust: TLSOptions.Trust = .system
    public var clientCertificate: ClientCertificate?
    /// The name to send and verify instead of the address's host.
    public var serverName: String?
    /// Bound on one attempt.
    public var timeout: Duration = .seconds(60)
    /// Attempts after the first one.
    public var maximumRetries = 2
    public var rateLimit: RateLimit?
    /// URL of an HTTP proxy.
    public var proxy: String?
    /// Requests under way at once (`--vault-concurrency`).
    public var concurrency = 32
    /// Wins over what detection says (`--vault-kv-version`): 1 or 2.
    public var kvVersion: Int?
    /// `VAULT_TOKEN` and `VAULT_TOKEN_FILE`, for whoever chooses the login method.
    public var token: Secret?
    public var tokenFile: String?
    /// `VAULT_REFRESH_INTERVAL`, the predecessor's, in minutes there.
    public var refreshInterval: Duration?

    public init() {}
}

/// A variable of the environment that cannot be used as it is.
public struct VaultConfigurationError: Error, Equatable, CustomStringConvertible {
    public let variable: String
    /// Nil where the value is a secret.
    public let found: String?
    public let expected: String

    public var description: String {
        if let found {
            "\(variable): found '\(found)', expected \(expected)"
        } else {
            "\(variable): expected \(expected)"
        }
    }
}
