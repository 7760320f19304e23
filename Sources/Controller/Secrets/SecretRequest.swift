internal import Basics
public import Logging
public import NginxConfig

/// The description of a secret's file on disk that nginx reads; never its content.
public protocol StoredSecret: Sendable, Equatable {
    /// Removes what would let a read answer `unchanged`.
    mutating func forgetVersion()
}

extension StoredSecret {
    /// For kinds without versions.
    public mutating func forgetVersion() {}
}

extension ServedCertificate: StoredSecret {
    public mutating func forgetVersion() { version = nil }
}

extension HtpasswdFile: StoredSecret {
    public mutating func forgetVersion() { version = nil }
}

/// A secret that the routing table needs, and where to look for it.
public protocol SecretRequest: Sendable, Equatable {
    associatedtype Subject: Sendable, Hashable, Comparable
    associatedtype Stored: StoredSecret

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
