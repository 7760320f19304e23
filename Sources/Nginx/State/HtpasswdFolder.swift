internal import Foundation
internal import Glibc
public import NginxConfig
public import Routing

/// The lists of users on disk, for nginx's workers: they open one with each request. Unlike a certificate, a list is
/// replaced in its place: who is removed from it is out at once, whatever becomes of the next reload.
///
/// Every operation blocks.
public struct HtpasswdFolder: Sendable {
    private let folder: AbsolutePath
    /// The workers' own; nil where they run under our account.
    private let group: gid_t?

    /// - Parameter workerUser: what nginx's workers run as; nil for our own account. Their group has the same name, as
    ///   in nginx's directive `user`.
    public init(_ folder: AbsolutePath, workerUser: AccountName?) {
        self.folder = folder
        group = workerUser.flatMap { Self.identifier(ofGroup: $0.text) }
    }

    /// - Throws: `FileError` where the folder cannot be made, or is somebody else's.
    public func prepare() throws(FileError) {
        if mkdir(folder.text, 0o700) != 0, errno != EEXIST {
            throw FileError(operation: "create folder", path: folder.text, code: errno)
        }
        let file = try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, operation: "open")
        try file.checkOwner()
        try file.restrict(to: group, mode: group == nil ? 0o700 : 0o710)
    }

    public func contains(_ path: VaultPath) -> Bool { access(file(path), R_OK) == 0 }

    /// Returns once the list is on the disk. One that is there already stays as it is.
    public func write(_ list: Htpasswd, at path: VaultPath) throws(FileError) {
        let bytes = Array(list.text.utf8)
        if let file = try? OpenFile(file(path), flags: O_RDONLY, operation: "open"), (try? file.readAll()) == bytes {
            return
        }
        let draft = file(path) + ".draft"
        unlink(draft)
        do {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o400, operation: "create")
            try file.write(bytes)
            try file.restrict(to: group, mode: group == nil ? 0o400 : 0o440)
            try file.sync()
            try attempt("rename", draft) { rename(draft, self.file(path)) }
        } catch {
            unlink(draft)
            throw error
        }
        try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
    }

    /// Removes what is not in `needed`, and drafts that a killed process left.
    public func removeAll(except needed: Set<VaultPath>) {
        let kept = Set(needed.map(\.fileName))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.text)) ?? []
        for name in names where !kept.contains(name) { unlink("\(folder)/\(name)") }
    }

    /// Nil where there is none: nginx's own test says so.
    private static func identifier(ofGroup name: String) -> gid_t? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 65536)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, let found else { return nil }
        return found.pointee.gr_gid
    }

    private func file(_ path: VaultPath) -> String { "\(folder)/\(path.fileName)" }
}
