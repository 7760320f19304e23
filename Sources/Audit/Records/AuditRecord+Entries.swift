extension AuditRecord {
    /// Of one host: whoever may create Ingresses can claim it very often.
    static let mostClaimants = 10

    /// Something that changed, and who wrote it last.
    public struct CauseEntry: Codable, Sendable, Equatable {
        /// A kind of the API; or `Certificate`, whose name is the host; or `Htpasswd`, whose name is its path in Vault.
        public var kind: String
        public var namespace: String
        public var name: String
        /// `added`, `modified` or `deleted`.
        public var change: String
        /// Of a certificate, its version in Vault.
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

        /// `namespace/name`, or only the name of what has no namespace.
        public var object: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
    }

    /// A certificate that a host is served with.
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

    /// A host that is claimed by others than its owner. Ingresses are written `namespace/name`.
    public struct Conflict: Codable, Sendable, Equatable {
        public var host: String
        public var owner: String
        /// The first of them, in order; none when the last one is gone.
        public var claimants: [String]
        /// Of all of them.
        @WrittenAsNull public var claimantsCount: Int?

        public init(host: String, owner: String, claimants: [String]) {
            self.host = host
            self.owner = owner
            self.claimants = Array(claimants.prefix(AuditRecord.mostClaimants))
            claimantsCount = claimants.count
        }
    }

    /// All that is known of one host.
    public struct HostEntry: Codable, Sendable, Equatable {
        public var host: String
        /// `namespace/name` of the Ingress it belongs to; null when it is not served any more.
        @WrittenAsNull public var owner: String?
        /// The first of the other Ingresses that claim it, in order; null when that is not known (yet).
        @WrittenAsNull public var claimants: [String]?
        /// Of all of them.
        @WrittenAsNull public var claimantsCount: Int?
        @WrittenAsNull public var certificate: CertificateEntry?
        /// What changed, where that can be told.
        @WrittenAsNull public var cause: CauseEntry?

        public init(
            host: String, owner: String?, claimants: [String]?, certificate: CertificateEntry?, cause: CauseEntry?
        ) {
            self.host = host
            self.owner = owner
            self.claimants = claimants.map { Array($0.prefix(AuditRecord.mostClaimants)) }
            claimantsCount = claimants?.count
            self.certificate = certificate
            self.cause = cause
        }
    }
}
