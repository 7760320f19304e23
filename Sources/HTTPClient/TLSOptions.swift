/// The trust and the client certificate of a request. Only requests with equal options share connections.
public struct TLSOptions: Sendable, Hashable {
    public enum Trust: Sendable, Hashable {
        /// The system's certificate store.
        case system
        /// One or more PEM certificates, instead of the system's.
        case pem([UInt8])
        case file(String)
        /// An OpenSSL hashed directory.
        case directory(String)
        /// No verification.
        case anything
    }

    /// A client certificate (leaf first) and its key, in PEM.
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
    /// The name to send (SNI) and to verify instead of the URL's host.
    public var serverName: String?

    public init(trust: Trust = .system, identity: Identity? = nil, serverName: String? = nil) {
        self.trust = trust
        self.identity = identity
        self.serverName = serverName
    }
}

/// Descriptions do not contain the key.
extension TLSOptions.Identity: CustomStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
