extension AuditRecord {
    /// What the controller that began is, and how it is set.
    public struct Start: Codable, Sendable, Equatable {
        public var version: String
        /// nginx's version.
        public var nginx: String
        /// SHA-256 of all templates with their names.
        @WrittenAsNull public var templates: String?
        /// Those that shape the configuration, by flag, as values and not as a hash, so that a change can be read from
        /// the log. Never secrets.
        public var settings: [String: String]

        public init(version: String, nginx: String, templates: String?, settings: [String: String]) {
            self.version = version
            self.nginx = nginx
            self.templates = templates
            self.settings = settings
        }
    }

    public struct Stop: Codable, Sendable, Equatable {
        /// Null when it was asked to end.
        @WrittenAsNull public var error: String?

        public init(error: String?) {
            self.error = error
        }
    }

    public struct Nginx: Codable, Sendable, Equatable {
        public enum Change: String, Codable, Sendable, CaseIterable {
            case started
            /// By itself.
            case ended
            /// As it was told to.
            case stopped
        }

        public var change: Change
        /// Null when there was no process.
        @WrittenAsNull public var pid: Int32?
        /// How it ended; null at a start.
        @WrittenAsNull public var ending: String?

        public init(change: Change, pid: Int32?, ending: String?) {
            self.change = change
            self.pid = pid
            self.ending = ending
        }
    }

    /// A certificate is missing, bad, out of reach, or good again.
    public struct Certificate: Codable, Sendable, Equatable {
        /// `-` for the default certificate.
        public var host: String
        /// The Ingress that asks for it; null for the default certificate.
        @WrittenAsNull public var ingress: String?
        /// `pending`, `ready`, `refused` or `stale`, as on `/status`.
        public var state: String
        /// `CertificateMissing`, `CertificateInvalid` or `CertificateUnavailable`; null when it is ready.
        @WrittenAsNull public var problem: String?
        @WrittenAsNull public var reason: String?
        /// What is served, if anything is.
        @WrittenAsNull public var certificate: CertificateEntry?

        public init(
            host: String, ingress: String?, state: String, problem: String?, reason: String?,
            certificate: CertificateEntry?
        ) {
            self.host = host
            self.ingress = ingress
            self.state = state
            self.problem = problem
            self.reason = reason
            self.certificate = certificate
        }
    }

    /// A list of users is missing, bad, out of reach, good again, or another than before. Never whose names it has.
    public struct Users: Codable, Sendable, Equatable {
        /// In Vault.
        public var path: String
        /// `pending`, `ready`, `refused` or `stale`, as on `/status`.
        public var state: String
        /// `HtpasswdMissing`, `HtpasswdInvalid` or `HtpasswdUnavailable`; null when it is ready.
        @WrittenAsNull public var problem: String?
        @WrittenAsNull public var reason: String?
        /// Of the list that is used, in KV 2.
        @WrittenAsNull public var version: Int?

        public init(path: String, state: String, problem: String?, reason: String?, version: Int?) {
            self.path = path
            self.state = state
            self.problem = problem
            self.reason = reason
            self.version = version
        }
    }
}
