/// Whom a request trusts and who it says it is. Connections are shared only between requests whose options are equal.
public struct TLSOptions: Sendable, Hashable {
    public enum Trust: Sendable, Hashable {
        /// The system's own store.
        case system
        /// One or more PEM certificates, instead of the system's.
        case pem([UInt8])
        case file(String)
        /// An OpenSSL hashed directory.
        case directory(String)
        /// Accepts any certificate of any name.
        case anything
    }

    /// A client certificate (leaf first) with its key, PEM both.
    public struct Identity: Sendable, Hashable {
        public var certificate: [UInt8]
        public var key: [UInt8]

        public init(certificate: [UInt8], key: [UInt8]) {
            self.certificate = certificate
            self.key = key
        }
    }

    public var trust: Trust
    public var identity: Identity?
    /// The name to send (SNI) and to verify, where it is not the URL's host.
    public var serverName: String?

    public init(trust: Trust = .system, identity: Identity? = nil, serverName: String? = nil) {
        self.trust = trust
        self.identity = identity
        self.serverName = serverName
    }
}

/// The key stays out of logs, whoever prints the options.
extension TLSOptions.Identity: CustomStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
