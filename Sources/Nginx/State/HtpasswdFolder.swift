internal import Foundation
internal import Glibc
public import NginxConfig
public import Routing

/// Htpasswd files on disk. nginx's workers open one at each request. Unlike a certificate, a file is replaced in place:
/// a removed user is denied immediately, even if the next reload fails.
///
/// Every operation blocks.
public struct HtpasswdFolder: Sendable {
    private let folder: AbsolutePath
    /// The group of the workers; nil if they run under the account of this process.
    private let group: gid_t?

    /// - Parameter workerUser: the account of nginx's workers; nil for that of this process. The group has the same
    ///   name, as with nginx's directive `user`.
    public init(_ folder: AbsolutePath, workerUser: AccountName?) {
        self.folder = folder
        group = WorkerGroup.identifier(of: workerUser)
    }

    /// - Throws: `FileError` if the folder cannot be created or belongs to another account.
    public func prepare() throws(FileError) {
        if mkdir(folder.text, 0o700) != 0, errno != EEXIST {
            throw FileError(operation: "create folder", path: folder.text, code: errno)
        }
        let file = try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, operation: "open")
        try file.checkOwner()
        try file.restrict(to: group, mode: group == nil ? 0o700 : 0o710)
    }

    public func contains(_ source: HtpasswdSource) -> Bool { access(file(source), R_OK) == 0 }

    /// Returns once the file is on disk. A file with the same content is kept.
    public func write(_ htpasswd: Htpasswd, at source: HtpasswdSource) throws(FileError) {
        let bytes = Array(htpasswd.text.utf8)
        if let file = try? OpenFile(file(source), flags: O_RDONLY, operation: "open"), (try? file.readAll()) == bytes {
            return
        }
        let draft = file(source) + ".draft"
        unlink(draft)
        do {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o400, operation: "create")
            try file.write(bytes)
            try file.restrict(to: group, mode: group == nil ? 0o400 : 0o440)
            try file.sync()
            try attempt("rename", draft) { rename(draft, self.file(source)) }
        } catch {
            unlink(draft)
            throw error
        }
        try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
    }

    /// Removes all files that are not in `needed`, and drafts of a killed process.
    public func removeAll(except needed: Set<HtpasswdSource>) {
        let kept = Set(needed.map(\.fileName))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.text)) ?? []
        for name in names where !kept.contains(name) { unlink("\(folder)/\(name)") }
    }

    private func file(_ source: HtpasswdSource) -> String { "\(folder)/\(source.fileName)" }
}
