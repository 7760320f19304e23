internal import Basics
public import Logging
public import NginxConfig
public import Routing

/// The description of a secret's file on disk that nginx reads; never its content.
public protocol StoredSecret: Sendable, Equatable {}

extension ServedCertificate: StoredSecret {}

extension HtpasswdFile: StoredSecret {}

/// A secret that the routing table needs, and where to look for it.
public protocol SecretRequest: Sendable, Equatable {
    associatedtype Subject: Sendable, Hashable, Comparable
    /// A place that is read. One read serves all requests that name it.
    associatedtype Source: Sendable, Hashable
    associatedtype Stored: StoredSecret

    /// The purpose of the secret. At most one request per subject.
    var subject: Subject { get }
    /// The places that may have the secret, in the order in which they are tried. An answer to a request is also an
    /// answer to another one with the same sources.
    var sources: [Source] { get }
    /// The owners of the hosts that need the secret. A change of one of them causes a read.
    var owners: [OwnerRef] { get }
    /// The problem if no source has the secret.
    var missing: SecretProblem { get }

    /// The problem of this request if one of its sources has that problem.
    func problem(_ problem: SecretProblem, of source: Source) -> SecretProblem
    /// The source that a stored file came from.
    func source(of stored: Stored) -> Source
    /// True if the file of the previous request for this subject may be used until this request is answered.
    func mayInherit(from previous: Self) -> Bool
    /// True if a file that an earlier run stored may be used until this request is answered.
    func mayUse(_ stored: Stored) -> Bool
    func metadata(_ stored: Stored?) -> Logger.Metadata
}

extension SecretRequest {
    public func problem(_ problem: SecretProblem, of source: Source) -> SecretProblem { problem }
}
