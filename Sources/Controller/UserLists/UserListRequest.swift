public import Logging
public import Nginx
public import NginxConfig
public import Routing

public typealias UserListStore = SecretStore<UserListFolder>
public typealias UserListRefresher = SecretRefresher<UserListFolder, UserListReader>
/// What is known of one wanted list of users.
public typealias UserListReport = SecretReport<UserListRequest>

/// A list of users that a host is locked with: a path in Vault.
public struct UserListRequest: SecretRequest {
    public static var noun: String { "user list" }

    public var subject: VaultPath

    public func looksWhere(_ other: Self) -> Bool { subject == other.subject }
    public func mayInherit(from other: Self) -> Bool { false }
    public func mayUse(_ list: KeptUserList) -> Bool { true }

    /// A list is opened with each request.
    public static func needsReload(from old: KeptUserList, to new: KeptUserList) -> Bool { false }

    public func metadata(_ list: KeptUserList?) -> Logger.Metadata {
        ["path": "\(subject)", "version": "\(list?.version.map(String.init) ?? "-")"]
    }
}

/// A list that lies on disk.
public struct KeptUserList: Sendable, Equatable {
    public var path: VaultPath
    /// Nil for the list of an earlier run, until Vault confirms it.
    public var list: UserList?
    /// In KV 2.
    public var version: Int?
}

/// A list as it was read.
public struct ReadUserList: Sendable {
    public var list: UserList
    /// In KV 2.
    public var version: Int?
}

extension UserListFolder: SecretFolder {
    public func keep(_ read: ReadUserList, for request: UserListRequest) throws -> KeptUserList {
        try write(read.list, at: request.subject)
        return KeptUserList(path: request.subject, list: read.list, version: read.version)
    }

    public func holds(_ kept: KeptUserList) -> Bool { contains(kept.path) }

    public func name(of kept: KeptUserList) -> VaultPath { kept.path }
}
