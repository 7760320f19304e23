internal import Foundation
internal import Glibc
public import NginxConfig

/// The generations on disk: written once, never changed, one of them live.
public actor GenerationStore {
    /// The number of generations that are kept, including the live one.
    public static let kept = 10
    /// The bytes that the kept generations may have together. The live one and the one before it are kept in any case. The shipped
    /// state volume is 256 MiB of memory, which also holds the certificates and the next generation.
    public static let keptBytes = 64 << 20

    let state: StateDirectory
    private let executor = QueueExecutor(label: "generations")
    /// No number is used twice, even if the folder is gone: the number identifies the generation that nginx serves.
    var highest = 0
    /// The generation that was activated last.
    private var activated: Generation?
    /// The generations that were activated in this run, ascending, without those that were rolled back.
    private var lives: [Int] = []
    /// The secrets that each generation refers to, once they are known.
    var secrets: [Int: ServedSecrets] = [:]
    /// The links to the certificates; nil if nginx reads certificates when it starts.
    var links: CertificateLinks?
    /// The group of the workers, if they follow the links and run under another account.
    var workerGroup: gid_t?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(state: StateDirectory) {
        self.state = state
    }

    /// Creates the folders that are missing and proves that they can be written to.
    ///
    /// - Parameter temporaryFolder: the folder for request bodies, which workers write. They run as another user, so it
    ///   is outside of the state folder.
    /// - Throws: `FileError` naming what could not be done.
    public func prepare(temporaryFolder: AbsolutePath) throws(FileError) {
        try Folder.make(state.root.text, mode: 0o700)
        // A mounted volume has its own mode, which often allows access for everyone.
        try attempt("change the mode of", state.root.text) { chmod(state.root.text, 0o700) }
        try Folder.make(state.generations.text, mode: 0o700)
        PrivateFolder.protectParent(of: temporaryFolder)
        try Folder.make(temporaryFolder.text, mode: 0o711)
        let probe = "\(state.root)/.writable"
        _ = try OpenFile(probe, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, operation: "write to")
        try attempt("remove", probe) { unlink(probe) }
        try removeDrafts()
    }

    /// The folder of htpasswd files, created if it is missing.
    ///
    /// - Parameter workerUser: the account of nginx's workers; nil for the account of this process.
    public func htpasswdFolder(
        _ path: AbsolutePath, workerUser: AccountName?
    ) throws(FileError) -> HtpasswdFolder {
        let folder = HtpasswdFolder(path, workerUser: workerUser)
        try folder.prepare()
        return folder
    }

    /// Uses only numbers above this one from now on.
    func skip(to number: Int) {
        highest = max(highest, number)
    }

    /// Makes a generation the live one: the link changes in one step (rename(2)).
    public func activate(_ generation: Generation) throws(FileError) {
        try SymbolicLink.replace(
            state.current.text, target: generation.linkTarget, draft: "\(state.current).draft")
        activated = generation
        lives.removeAll { $0 >= generation.number }
        lives.append(generation.number)
        try OpenFile(state.root.text, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
    }

    /// Deactivates the live generation.
    public func deactivate() throws(FileError) {
        activated = nil
        try attempt("remove", state.current.text) { unlink(state.current.text) }
    }

    /// The live generation; nil if there is none, or if its files are gone. A lost link does not matter.
    public func current() -> Generation? {
        let linked = linkedNumber.map { Generation(number: $0, in: state) }
        return [linked, activated].compactMap(\.self).first { access($0.mainFile, R_OK) == 0 }
    }

    /// The generation that was live before the live one; nil if it is not known.
    var previousLive: Int? { lives.dropLast().last }

    /// Restores a lost link to the live generation: nginx is started through it.
    func restoreLink() {
        guard let activated, linkedNumber != activated.number else { return }
        try? activate(activated)
    }

    /// The generations that may be served before the cluster has been read, in order of preference: the live
    /// generation, then earlier ones. A generation after the live one has never been live.
    func candidates() -> [Generation] {
        let last = linkedNumber ?? .max
        return ((try? numbers()) ?? []).filter { $0 <= last }.reversed().map { Generation(number: $0, in: state) }
    }

    /// Sorted. Other names in the folder are ignored.
    func numbers() throws(FileError) -> [Int] {
        try Folder.names(in: state.generations.text).compactMap { Int($0) }.sorted()
    }

    /// Removal of unused files may fail without harm: it is tried again with the next generation.
    func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    private var linkedNumber: Int? {
        SymbolicLink.targetName(state.current.text).flatMap { Int($0) }
    }

    /// Removes the drafts of a process that was killed while it wrote.
    private func removeDrafts() throws(FileError) {
        for name in try Folder.names(in: state.generations.text) where name.hasSuffix(".draft") {
            remove("\(state.generations)/\(name)")
        }
    }
}
