public import Logging

/// A secret that the routing table needs, and where to look for it.
public protocol SecretRequest: Sendable, Equatable {
    associatedtype Subject: Sendable, Hashable, Comparable
    /// The description of the file on disk that nginx reads; never its content.
    associatedtype Stored: Sendable, Equatable

    /// What the secret is for. At most one request per subject.
    var subject: Subject { get }

    /// Whether both requests read the same sources. Then an answer to one is also an answer to the other.
    func hasSameSources(as other: Self) -> Bool
    /// Whether the file of the previous request for this subject may be used until this request is answered.
    func mayInherit(from previous: Self) -> Bool
    /// Whether a file that an earlier run stored may be used until this request is answered.
    func mayUse(_ stored: Stored) -> Bool
    func metadata(_ stored: Stored?) -> Logger.Metadata
}
