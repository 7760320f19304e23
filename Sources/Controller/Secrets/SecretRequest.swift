public import Logging

public import struct Foundation.Date

/// Something that nginx needs and that is no object of the routing: what it is for, and where to look for it.
public protocol SecretRequest: Sendable, Equatable {
    associatedtype Subject: Sendable, Hashable, Comparable
    /// What was found, as it lies on disk for nginx.
    associatedtype Kept: Sendable, Equatable

    /// What the log calls it.
    static var noun: String { get }

    var subject: Subject { get }

    /// Whether it is looked for where `other` is: then what was found for the one serves the other.
    func looksWhere(_ other: Self) -> Bool
    /// Whether what was found for another one may be used until there is an answer to this one.
    func mayInherit(from other: Self) -> Bool
    /// Whether what an earlier run found may be used.
    func mayUse(_ kept: Kept) -> Bool
    /// Whether nginx has to be told of the change, and does not see it by itself.
    static func needsReload(from old: Kept, to new: Kept) -> Bool
    func metadata(_ kept: Kept?) -> Logger.Metadata
}

/// What an attempt to read brought.
public enum SecretAnswer<Content: Sendable>: Sendable {
    /// What was kept is still what is there.
    case unchanged
    case found(Content)
    case problem(SecretProblem)
}

/// Where what is requested comes from.
public protocol SecretReader: Sendable {
    associatedtype Request: SecretRequest
    associatedtype Content: Sendable

    /// - Parameter known: what is kept now; it is not read again where its version tells that it is the same.
    func read(_ request: Request, known: Request.Kept?, now: Date) async -> SecretAnswer<Content>
}

/// Where what was read lies for nginx. Every operation blocks.
public protocol SecretFolder: Sendable {
    associatedtype Request: SecretRequest
    associatedtype Content: Sendable
    associatedtype Name: Sendable, Hashable

    /// Returns once it is on the disk.
    func keep(_ content: Content, for request: Request) throws -> Request.Kept
    func holds(_ kept: Request.Kept) -> Bool
    func name(of kept: Request.Kept) -> Name
    func removeAll(except needed: Set<Name>)
}
