internal import Foundation
internal import Glibc
public import NginxConfig

/// The generations on disk: written once, never changed, one of them live.
public actor GenerationStore {
    /// How many stay, the live one included.
    public static let kept = 10

    private let state: StateDirectory
    private let executor = QueueExecutor(label: "generations")
    /// No number is used twice, also when a folder is gone: by its number nginx is believed to serve a generation.
    private var highest = 0
    /// What was made live last.
    private var activated: Generation?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(state: StateDirectory) {
        self.state = state
    }

    /// Creates the folders that are missing and proves that they can be written to.
    ///
    /// - Parameter temporaryFolder: where workers may keep bodies; they run as another user, so it lies outside.
    /// - Throws: `FileError` naming what could not be done.
    public func prepare(temporaryFolder: AbsolutePath) throws(FileError) {
        try Folder.make(state.root.text, mode: 0o700)
        // A mounted volume comes with a mode of its own, often open to all.
        try attempt("change the mode of", state.root.text) { chmod(state.root.text, 0o700) }
        try Folder.make(state.generations.text, mode: 0o700)
        try Folder.make(temporaryFolder.text, mode: 0o711)
        let probe = "\(state.root)/.writable"
        _ = try OpenFile(probe, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, operation: "write to")
        try attempt("remove", probe) { unlink(probe) }
        try removeLeftovers()
    }

    /// Where certificates lie, made if it is missing.
    public func certificateFolder() throws(FileError) -> CertificateFolder {
        let folder = CertificateFolder(state: state)
        try folder.prepare()
        return folder
    }

    /// Where lists of users lie, made if it is missing.
    ///
    /// - Parameter workerUser: what nginx's workers run as; nil for our own account.
    public func htpasswdFolder(
        _ path: AbsolutePath, workerUser: AccountName?
    ) throws(FileError) -> HtpasswdFolder {
        let folder = HtpasswdFolder(path, workerUser: workerUser)
        try folder.prepare()
        return folder
    }

    /// Writes a new generation, whole or not at all. It is not live yet.
    ///
    /// - Parameter marker: the text of the marker file for the number it is given.
    /// - Throws: `FileError`; what was begun is removed.
    public func write(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) throws(FileError) -> Generation {
        do throws(FileError) {
            return try writeOnce(files, marker: marker)
        } catch  where error.code == ENOSPC {
            // Room for the next one matters more than the old ones, which are for people.
            try removeAllButLive()
            return try writeOnce(files, marker: marker)
        }
    }

    private func writeOnce(
        _ files: ConfigurationFiles, marker: @Sendable (Int) -> String
    ) throws(FileError) -> Generation {
        // Somebody may have removed them.
        try Folder.make(state.root.text, mode: 0o700)
        try Folder.make(state.generations.text, mode: 0o700)
        let generation = Generation(number: max(try numbers().last ?? 0, highest) + 1, in: state)
        let draft = generation.folder + ".draft"
        do {
            try attempt("create folder", draft) { mkdir(draft, 0o700) }
            var contents = files.contents
            contents[ConfigurationFiles.marker] = marker(generation.number)
            for (name, text) in contents.sorted(by: { $0.key < $1.key }) {
                let file = try OpenFile(
                    "\(draft)/\(name)", flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
                try file.write(Array(text.utf8))
                try file.sync()
            }
            try OpenFile(draft, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
            try attempt("rename", draft) { rename(draft, generation.folder) }
        } catch {
            remove(draft)
            throw error
        }
        highest = generation.number
        return generation
    }

    /// Gives numbers above this one from now on.
    func skip(to number: Int) {
        highest = max(highest, number)
    }

    /// Writes a configuration that is only to be tested, in the place of the last such one. Not made to outlive a crash.
    ///
    /// - Throws: `FileError`.
    public func writeTrial(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) throws(FileError)
        -> Generation
    {
        let trial = Generation(trialIn: state)
        remove(trial.folder)
        try attempt("create folder", trial.folder) { mkdir(trial.folder, 0o700) }
        let contents = [
            ConfigurationFiles.main: files.contents[ConfigurationFiles.main] ?? "",
            ConfigurationFiles.marker: marker(trial.number),
        ]
        for (name, text) in contents.sorted(by: { $0.key < $1.key }) {
            let file = try OpenFile(
                "\(trial.folder)/\(name)", flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
            try file.write(Array(text.utf8))
        }
        return trial
    }

    /// Makes a generation the live one: the link changes in one step (rename(2)).
    public func activate(_ generation: Generation) throws(FileError) {
        let draft = "\(state.current).draft"
        unlink(draft)
        try attempt("link", draft) { symlink(generation.linkTarget, draft) }
        try attempt("replace", state.current.text) { rename(draft, state.current.text) }
        activated = generation
        try OpenFile(state.root.text, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
    }

    /// Leaves no generation live.
    public func deactivate() throws(FileError) {
        activated = nil
        try attempt("remove", state.current.text) { unlink(state.current.text) }
    }

    /// The live generation; nil when there is none, or nothing of it is there. A link that is lost does not matter.
    public func current() -> Generation? {
        let linked = linkedNumber.map { Generation(number: $0, in: state) }
        return [linked, activated].compactMap(\.self).first { access($0.mainFile, R_OK) == 0 }
    }

    /// Makes the link to the live generation again where it is lost: nginx is started through it.
    func restoreLink() {
        guard let activated, linkedNumber != activated.number else { return }
        try? activate(activated)
    }

    /// What may be served before anything is known of the cluster, the best first: the live generation, then those before
    /// it. What came after it never was live.
    func candidates() -> [Generation] {
        let last = linkedNumber ?? .max
        return ((try? numbers()) ?? []).filter { $0 <= last }.reversed().map { Generation(number: $0, in: state) }
    }

    private var linkedNumber: Int? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(state.current.text, &target, target.count - 1)
        guard length > 0 else { return nil }
        let name = String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: "/").last
        return name.flatMap { Int($0) }
    }

    /// Keeps what is to be known of the live generation in the next run.
    ///
    /// - Throws: `FileError`; what was kept last stays then.
    public func keepLastGood(_ bytes: [UInt8]) throws(FileError) {
        let draft = "\(state.lastGood).draft"
        do {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, operation: "create")
            try file.write(bytes)
            try file.sync()
        }
        try attempt("rename", draft) { rename(draft, state.lastGood.text) }
    }

    /// What was kept last; nil where there is nothing that can be read.
    public func lastGood() -> [UInt8]? {
        guard let file = try? OpenFile(state.lastGood.text, flags: O_RDONLY, operation: "open") else { return nil }
        return try? file.readAll()
    }

    /// What was rendered for a generation, without its marker.
    public func files(of generation: Generation) throws(FileError) -> ConfigurationFiles {
        var contents: [String: String] = [:]
        for name in try Folder.names(in: generation.folder) where name != ConfigurationFiles.marker {
            let file = try OpenFile("\(generation.folder)/\(name)", flags: O_RDONLY, operation: "open")
            contents[name] = String(decoding: try file.readAll(), as: UTF8.self)
        }
        return ConfigurationFiles(contents: contents)
    }

    /// Removes a generation that never was live.
    public func discard(_ generation: Generation) {
        remove(generation.folder)
        if generation.number == highest { highest -= 1 }
    }

    /// The secrets that the generations refer to.
    public func servedSecrets() throws(FileError) -> [ServedSecrets] {
        try (listings(ConfigurationFiles.certificateListing) + listings(ConfigurationFiles.htpasswdListing))
            .map(\.secrets)
    }

    /// Removes the oldest, so that `kept` stay, the live one among them; and of those that never were live all but the
    /// newest: they come as often as a failed reload is tried again.
    public func prune() throws(FileError) {
        let live = current()?.number ?? 0
        let all = try numbers()
        for number in all.filter({ $0 < live }).dropLast(Self.kept - 1) + all.filter({ $0 > live }).dropLast() {
            remove(Generation(number: number, in: state).folder)
        }
    }

    private func removeAllButLive() throws(FileError) {
        let live = current()?.number
        for number in try numbers() where number != live { remove(Generation(number: number, in: state).folder) }
    }

    /// One file of each generation.
    private func listings(_ name: String) throws(FileError) -> [ConfigurationFiles] {
        var found: [ConfigurationFiles] = []
        for number in try numbers() {
            let path = "\(Generation(number: number, in: state).folder)/\(name)"
            guard let file = try? OpenFile(path, flags: O_RDONLY, operation: "open") else { continue }
            found.append(ConfigurationFiles(contents: [name: String(decoding: try file.readAll(), as: UTF8.self)]))
        }
        return found
    }

    /// Sorted; names that are no numbers do not count.
    private func numbers() throws(FileError) -> [Int] {
        try Folder.names(in: state.generations.text).compactMap { Int($0) }.sorted()
    }

    /// Drafts of a process that was killed while it wrote.
    private func removeLeftovers() throws(FileError) {
        for name in try Folder.names(in: state.generations.text) where name.hasSuffix(".draft") {
            remove("\(state.generations)/\(name)")
        }
    }

    /// Removing what is no longer needed may fail without harm: it is tried again with the next generation.
    private func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
