public import Audit
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// One kind of secret: which ones a routing table needs, how they are read, where they are stored, and how they are
/// reported. `SecretStores` does the rest.
public protocol SecretKind: Sendable {
    associatedtype Request: SecretRequest
    /// What a source has, for all requests that name it.
    associatedtype Content: Sendable
    /// The bytes of a secret's files.
    associatedtype Bytes: Sendable

    typealias Source = Request.Source
    typealias Stored = Request.Stored
    typealias Report = SecretReport<Request>

    static var names: SecretKindNames { get }
    /// Whether a replica is not ready until the sources have answered for the secrets that are wanted at first.
    static var isNeededForReadiness: Bool { get }

    /// The secrets that the table needs, at most one per subject.
    func requests(for table: RoutingTable) -> [Request]

    /// - Parameter known: what the source had at the last read, if all secrets from it are still in use and confirmed. If
    ///   the source has not changed since, the answer is `unchanged`.
    func read(_ source: Source, known: KnownSecret<Stored>?, now: Date) async -> SourceAnswer<Content>

    /// What a source has, as the secret of one request.
    func check(_ content: Content, for request: Request, now: Date) -> SecretAnswer<Stored, Bytes>

    /// Returns once the file is on disk. Blocks.
    func write(_ bytes: Bytes, as stored: Stored) throws
    /// Blocks.
    func isOnDisk(_ stored: Stored) -> Bool
    /// True if a file of an earlier generation is intact and would be accepted for the request at that time. Blocks.
    func isIntact(_ stored: Stored, for request: Request, now: Date) -> Bool
    /// Removes all other files. Blocks.
    func removeFiles(except needed: [Stored])

    /// The time of the next read of a source that says it in advance; nil for the usual interval.
    static func renewal(of stored: Stored) -> Date?
    /// The text for a file that is in use after the end of its validity; nil before that, and for kinds without an end.
    static func expiry(of stored: Stored, now: Date) -> String?
    /// True if nginx reads the new file only after a reload.
    static func needsReload(from old: Stored, to new: Stored) -> Bool

    static func files(in served: ServedSecrets) -> [Request.Subject: Stored]
    static func add(_ files: [Request.Subject: Stored], to served: inout ServedSecrets)

    static func auditRecord(of report: Report) -> AuditRecord
    /// The entry in `/status`.
    static func statusEntry(of report: Report) -> any Encodable
}

extension SecretKind {
    public static func renewal(of stored: Stored) -> Date? { nil }
    public static func expiry(of stored: Stored, now: Date) -> String? { nil }
    public func isIntact(_ stored: Stored, for request: Request, now: Date) -> Bool { false }
}

/// The names of a kind of secret.
public struct SecretKindNames: Sendable {
    /// In log messages: `htpasswd file`.
    var singular: String
    /// In help texts: `htpasswd files`.
    var plural: String
    /// In `/metrics`: `htpasswd_files`.
    var metric: String
    /// In `/status`: `htpasswdFiles`.
    var statusKey: String
}

/// What a source had at the last read.
public struct KnownSecret<Stored: Sendable>: Sendable {
    /// The file that was made of it.
    public var stored: Stored
    /// A digest of it, if the source has no versions; nil if an earlier run read it.
    public var fingerprint: String?

    public init(stored: Stored, fingerprint: String? = nil) {
        self.stored = stored
        self.fingerprint = fingerprint
    }
}

/// The answer of one source.
public enum SourceAnswer<Content: Sendable>: Sendable {
    /// The source has no secret. The next one is tried.
    case absent
    case unchanged
    /// - Parameter fingerprint: a digest that differs if the source has changed.
    case found(Content, fingerprint: String)
    /// The next source is not tried: it must not replace a secret that is only unavailable.
    case problem(SecretProblem)
}

/// What a source has, as the secret of one request.
public enum SecretAnswer<Stored: Sendable, Bytes: Sendable>: Sendable {
    case found(Stored, Bytes)
    /// A secret that is used only if there is no better one.
    case flawed(Stored, Bytes, SecretProblem)
    case problem(SecretProblem)
}
