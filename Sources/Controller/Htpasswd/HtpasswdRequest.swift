public import Logging
public import Nginx
public import NginxConfig
public import Routing

public typealias HtpasswdStore = SecretStore<HtpasswdFolder>
public typealias HtpasswdRefresher = SecretRefresher<HtpasswdFolder, HtpasswdReader>
/// What is known of one wanted list of users.
public typealias HtpasswdReport = SecretReport<HtpasswdRequest>

/// A list of users that a host is locked with: a path in Vault.
public struct HtpasswdRequest: SecretRequest {
    public static var noun: String { "user list" }

    public var subject: VaultPath

    public func looksWhere(_ other: Self) -> Bool { subject == other.subject }
    public func mayInherit(from other: Self) -> Bool { false }
    public func mayUse(_ list: KeptHtpasswd) -> Bool { true }

    /// A list is opened with each request.
    public static func needsReload(from old: KeptHtpasswd, to new: KeptHtpasswd) -> Bool { false }

    public func metadata(_ list: KeptHtpasswd?) -> Logger.Metadata {
        ["path": "\(subject)", "version": "\(list?.version.map(String.init) ?? "-")"]
    }
}

/// A list that lies on disk.
public struct KeptHtpasswd: Sendable, Equatable {
    public var path: VaultPath
    /// Nil for the list of an earlier run, until Vault confirms it.
    public var list: Htpasswd?
    /// In KV 2.
    public var version: Int?
}

/// A list as it was read.
public struct ReadHtpasswd: Sendable {
    public var list: Htpasswd
    /// In KV 2.
    public var version: Int?
}

extension HtpasswdFolder: SecretFolder {
    public func keep(_ read: ReadHtpasswd, for request: HtpasswdRequest) throws -> KeptHtpasswd {
        try write(read.list, at: request.subject)
        return KeptHtpasswd(path: request.subject, list: read.list, version: read.version)
    }

    public func holds(_ kept: KeptHtpasswd) -> Bool { contains(kept.path) }

    public func name(of kept: KeptHtpasswd) -> VaultPath { kept.path }
}
