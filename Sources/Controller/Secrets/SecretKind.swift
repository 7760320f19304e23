public import Audit
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// One kind of secret: which ones a routing table needs, how they are read, where they are stored, and how they are
/// reported. `SecretStores` does the rest.
public protocol SecretKind: Sendable {
    associatedtype Request: SecretRequest
    /// The bytes of a secret.
    associatedtype Content: Sendable

    typealias Stored = Request.Stored
    typealias Report = SecretReport<Request>
    typealias Answer = SecretAnswer<Stored, Content>

    static var names: SecretKindNames { get }
    /// Whether a replica is not ready until the sources have answered for the secrets that are wanted at first.
    static var isNeededForReadiness: Bool { get }

    /// The secrets that the table needs, at most one per subject.
    func requests(for table: RoutingTable) -> [Request]

    /// - Parameter known: the stored file. If its version is still the current one, the answer is `unchanged`.
    func read(_ request: Request, known: Stored?, now: Date) async -> Answer

    /// Returns once the file is on disk. Blocks.
    func write(_ content: Content, as stored: Stored) throws
    /// Blocks.
    func isOnDisk(_ stored: Stored) -> Bool
    /// Removes all other files. Blocks.
    func removeFiles(except needed: [Stored])

    /// True if nginx reads the new file only after a reload.
    static func needsReload(from old: Stored, to new: Stored) -> Bool

    static func files(in served: ServedSecrets) -> [Request.Subject: Stored]
    static func add(_ files: [Request.Subject: Stored], to served: inout ServedSecrets)

    static func auditRecord(of report: Report) -> AuditRecord
    /// The entry in `/status`.
    static func statusEntry(of report: Report) -> any Encodable
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

/// The result of an attempt to read a secret.
public enum SecretAnswer<Stored: Sendable, Content: Sendable>: Sendable {
    /// The stored file is current.
    case unchanged
    case found(Stored, Content)
    case problem(SecretProblem)
}
