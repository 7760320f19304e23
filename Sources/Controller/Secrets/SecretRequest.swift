public import Logging

/// A secret that the routing table needs, and where to look for it.
public protocol SecretRequest: Sendable, Equatable {
    associatedtype Subject: Sendable, Hashable, Comparable
    /// The description of the file on disk that nginx reads; never its content.
    associatedtype Stored: Sendable, Equatable

    /// The purpose of the secret. At most one request per subject.
    var subject: Subject { get }

    /// True if both requests read the same sources. Then an answer to one is also an answer to the other.
    func hasSameSources(as other: Self) -> Bool
    /// True if the file of the previous request for this subject may be used until this request is answered.
    func mayInherit(from previous: Self) -> Bool
    /// True if a file that an earlier run stored may be used until this request is answered.
    func mayUse(_ stored: Stored) -> Bool
    func metadata(_ stored: Stored?) -> Logger.Metadata
}
