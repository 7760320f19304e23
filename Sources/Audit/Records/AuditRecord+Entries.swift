extension AuditRecord {
    /// The maximum number of claimants per host in a line: any number of Ingresses can claim a host.
    static let maximumClaimants = 10

    /// An object that changed, with its last writer.
    public struct CauseEntry: Codable, Sendable, Equatable {
        /// A kind of the API; `Certificate`, with the host as name; or `Htpasswd`, with the path in Vault as name.
        public var kind: String
        public var namespace: String
        public var name: String
        /// `added`, `modified` or `deleted`.
        public var change: String
        /// For a certificate, its version in Vault.
        public var resourceVersion: String
        @WrittenAsNull public var manager: String?

        public init(
            kind: String, namespace: String, name: String, change: String, resourceVersion: String, manager: String?
        ) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.change = change
            self.resourceVersion = resourceVersion
            self.manager = manager
        }

        /// `namespace/name`; without a namespace, the name.
        public var object: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
    }

    /// The certificate of a host.
    public struct CertificateEntry: Codable, Sendable, Equatable {
        /// `-` for the default certificate.
        public var host: String
        public var sha256: String
        /// RFC 3339.
        public var notAfter: String
        public var source: String
        @WrittenAsNull public var version: Int?

        public init(host: String, sha256: String, notAfter: String, source: String, version: Int?) {
            self.host = host
            self.sha256 = sha256
            self.notAfter = notAfter
            self.source = source
            self.version = version
        }
    }

    /// A host that several Ingresses claim. Ingresses are written `namespace/name`.
    public struct Conflict: Codable, Sendable, Equatable {
        public var host: String
        public var owner: String
        /// The first claimants in order, without the owner; empty if the conflict has ended.
        public var claimants: [String]
        /// The number of all claimants.
        @WrittenAsNull public var claimantsCount: Int?

        public init(host: String, owner: String, claimants: [String]) {
            self.host = host
            self.owner = owner
            self.claimants = Array(claimants.prefix(AuditRecord.maximumClaimants))
            claimantsCount = claimants.count
        }
    }

    /// The state of a host.
    public struct HostEntry: Codable, Sendable, Equatable {
        public var host: String
        /// `namespace/name` of the Ingress that owns the host; null if it is no longer served.
        @WrittenAsNull public var owner: String?
        /// The first of the other Ingresses that claim the host, in order; null if they are unknown.
        @WrittenAsNull public var claimants: [String]?
        /// The number of all claimants.
        @WrittenAsNull public var claimantsCount: Int?
        @WrittenAsNull public var certificate: CertificateEntry?
        /// The cause of the host's change, if it is known.
        @WrittenAsNull public var cause: CauseEntry?

        public init(
            host: String, owner: String?, claimants: [String]?, certificate: CertificateEntry?, cause: CauseEntry?
        ) {
            self.host = host
            self.owner = owner
            self.claimants = claimants.map { Array($0.prefix(AuditRecord.maximumClaimants)) }
            claimantsCount = claimants?.count
            self.certificate = certificate
            self.cause = cause
        }
    }
}
