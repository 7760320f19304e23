extension AuditRecord {
    /// The start of the controller, with versions and settings.
    public struct Start: Codable, Sendable, Equatable {
        public var version: String
        /// nginx's version.
        public var nginx: String
        /// The SHA-256 of all templates with their names.
        @WrittenAsNull public var templates: String?
        /// The settings that affect the configuration, by flag. Never secrets.
        public var settings: [String: String]

        public init(version: String, nginx: String, templates: String?, settings: [String: String]) {
            self.version = version
            self.nginx = nginx
            self.templates = templates
            self.settings = settings
        }
    }

    public struct Stop: Codable, Sendable, Equatable {
        /// Null after a shutdown on request.
        @WrittenAsNull public var error: String?

        public init(error: String?) {
            self.error = error
        }
    }

    public struct Nginx: Codable, Sendable, Equatable {
        public enum Change: String, Codable, Sendable, CaseIterable {
            case started
            /// It exited unexpectedly.
            case ended
            /// The controller stopped it.
            case stopped
        }

        public var change: Change
        /// Null if no process was started.
        @WrittenAsNull public var pid: Int32?
        /// The exit status or signal; null at a start.
        @WrittenAsNull public var ending: String?

        public init(change: Change, pid: Int32?, ending: String?) {
            self.change = change
            self.pid = pid
            self.ending = ending
        }
    }

    /// A change of the state of a certificate.
    public struct Certificate: Codable, Sendable, Equatable {
        /// `-` for the default certificate.
        public var host: String
        /// The Ingress that requests it; null for the default certificate.
        @WrittenAsNull public var ingress: String?
        /// `pending`, `ready`, `rejected` or `stale`, as on `/status`.
        public var state: String
        /// `CertificateMissing`, `CertificateInvalid` or `CertificateUnavailable`; null if it is ready.
        @WrittenAsNull public var problem: String?
        @WrittenAsNull public var reason: String?
        /// The certificate that is served, if any.
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

    /// A change of an htpasswd file, or of its state. It never contains the names of users.
    public struct Users: Codable, Sendable, Equatable {
        /// The path in Vault.
        public var path: String
        /// `pending`, `ready`, `rejected` or `stale`, as on `/status`.
        public var state: String
        /// `HtpasswdMissing`, `HtpasswdInvalid` or `HtpasswdUnavailable`; null if it is ready.
        @WrittenAsNull public var problem: String?
        @WrittenAsNull public var reason: String?
        /// The version of the file that is used, in KV 2.
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
