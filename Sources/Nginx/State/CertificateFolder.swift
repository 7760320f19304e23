public import Basics
internal import Foundation
internal import Glibc
public import NginxConfig

/// Certificates on disk, by content address. A file is never changed. Only nginx's master process can read the keys, or its
/// workers too if they read them in the handshake.
///
/// Every operation blocks.
public struct CertificateFolder: Sendable {
    private let folder: AbsolutePath
    /// The group of the workers, if they read the files and run under another account.
    private let group: gid_t?

    public init(state: StateDirectory) {
        self.init(state: state, group: nil)
    }

    init(state: StateDirectory, group: gid_t?) {
        folder = state.certificates
        self.group = group
    }

    /// Creates the folder, and gives it and its files the permissions that this run needs: the last one may have needed
    /// others.
    ///
    /// - Throws: `FileError` if the folder cannot be created, or the permissions cannot be changed.
    public func prepare() throws(FileError) {
        if mkdir(folder.text, 0o700) != 0, errno != EEXIST {
            throw FileError(operation: "create folder", path: folder.text, code: errno)
        }
        for name in try Folder.names(in: folder.text) {
            try OpenFile("\(folder)/\(name)", flags: O_RDONLY | O_NOFOLLOW, operation: "open")
                .restrict(to: group ?? getegid(), mode: name.hasSuffix(".crt") ? 0o440 : keyMode)
        }
        try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, operation: "open")
            .restrict(to: group ?? getegid(), mode: group == nil ? 0o700 : 0o710)
    }

    private var keyMode: mode_t { group == nil ? 0o400 : 0o440 }

    public func contains(_ address: ContentAddress) -> Bool {
        access("\(folder)/\(address).crt", R_OK) == 0 && access("\(folder)/\(address).key", R_OK) == 0
    }

    /// - Throws: `FileError` if a file cannot be read.
    public func read(_ address: ContentAddress) throws(FileError) -> CertificatePEM {
        let chain = try OpenFile("\(folder)/\(address).crt", flags: O_RDONLY, operation: "open").readAll()
        let key = try OpenFile("\(folder)/\(address).key", flags: O_RDONLY, operation: "open").readAll()
        return CertificatePEM(chain: chain, key: Secret(key))
    }

    /// Returns once both files are on disk. Existing files are kept.
    public func write(_ address: ContentAddress, chain: [UInt8], key: UnsafeRawBufferPointer) throws(FileError) {
        if contains(address) { return }
        try write(key, to: "\(folder)/\(address).key", mode: keyMode)
        try chain.withUnsafeBufferPointer { bytes throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: "\(folder)/\(address).crt", mode: 0o444)
        }
        try OpenFile(folder.text, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
    }

    /// Removes all files that are not in `needed`, and drafts of a killed process.
    public func removeAll(except needed: Set<ContentAddress>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.text)) ?? []
        for name in names {
            if let address = try? ContentAddress(String(name.prefix { $0 != "." })), needed.contains(address),
                !name.hasSuffix(".draft")
            {
                continue
            }
            unlink("\(folder)/\(name)")
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to path: String, mode: mode_t) throws(FileError) {
        let draft = path + ".draft"
        unlink(draft)
        do {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode, operation: "create")
            try file.write(bytes)
            // For the workers instead of everyone.
            if let group { try file.restrict(to: group, mode: mode & 0o440) }
            try file.sync()
            try attempt("rename", draft) { rename(draft, path) }
        } catch {
            unlink(draft)
            throw error
        }
    }
}
