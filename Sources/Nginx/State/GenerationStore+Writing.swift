internal import Foundation
internal import Glibc
public import NginxConfig

extension GenerationStore {
    /// Writes what nginx reads of a new generation, whole or not at all. It is not live yet.
    ///
    /// - Parameter marker: the text of the marker file for the number that the generation gets.
    /// - Throws: `FileError`; the partial folder is removed.
    public func write(
        _ rendered: RenderedConfiguration, marker: @Sendable (Int) -> String
    ) throws(FileError) -> Generation {
        do throws(FileError) {
            return try writeOnce(rendered, marker: marker)
        } catch  where error.code == ENOSPC {
            // Earlier generations are only kept for people; the next one needs the space.
            try removeAllButLive()
            return try writeOnce(rendered, marker: marker)
        }
    }

    private func writeOnce(
        _ rendered: RenderedConfiguration, marker: @Sendable (Int) -> String
    ) throws(FileError) -> Generation {
        // The folders may have been removed.
        try Folder.make(state.root.text, mode: 0o700)
        try Folder.make(state.generations.text, mode: 0o700)
        let generation = Generation(number: max(try numbers().last ?? 0, highest) + 1, in: state)
        let draft = generation.folder + ".draft"
        do {
            try attempt("create folder", draft) { mkdir(draft, 0o700) }
            try Self.create("\(draft)/\(GenerationFile.main)", Array(rendered.main.utf8), isSynced: true)
            try Self.create(
                "\(draft)/\(GenerationFile.marker)", Array(marker(generation.number).utf8), isSynced: true)
            try OpenFile(draft, flags: O_RDONLY | O_DIRECTORY, operation: "open").sync()
            try attempt("rename", draft) { rename(draft, generation.folder) }
        } catch {
            remove(draft)
            throw error
        }
        highest = generation.number
        secrets[generation.number] = rendered.configuration.secrets
        return generation
    }

    /// Writes the files of a generation that nginx does not read.
    ///
    /// - Parameter files: the bytes by name.
    /// - Throws: `FileError`; the next generation has them.
    func describe(_ generation: Generation, _ files: [String: [UInt8]]) throws(FileError) {
        // It may have been removed in the meantime.
        guard generation.number >= current()?.number ?? 0 else { return }
        func write() throws(FileError) {
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                try File.replace("\(generation.folder)/\(name)", with: bytes)
            }
        }
        do throws(FileError) {
            try write()
        } catch  where error.code == ENOSPC {
            try removeAllButLive(and: generation.number)
            try write()
        }
    }

    /// Writes a configuration that is only to be tested, in the place of the last one. It need not outlive a crash.
    ///
    /// - Throws: `FileError`.
    public func writeDryRun(
        _ rendered: RenderedConfiguration, marker: @Sendable (Int) -> String
    ) throws(FileError) -> Generation {
        let dryRun = Generation(dryRunIn: state)
        remove(dryRun.folder)
        try attempt("create folder", dryRun.folder) { mkdir(dryRun.folder, 0o700) }
        try Self.create("\(dryRun.folder)/\(GenerationFile.main)", Array(rendered.main.utf8), isSynced: false)
        try Self.create(
            "\(dryRun.folder)/\(GenerationFile.marker)", Array(marker(dryRun.number).utf8), isSynced: false)
        return dryRun
    }

    /// Removes a generation that has never been live.
    public func discard(_ generation: Generation) {
        remove(generation.folder)
        secrets[generation.number] = nil
        if generation.number == highest { highest -= 1 }
    }

    /// Removes the oldest generations. At most `kept` remain, and fewer if they have more than `bytes`; the live one and
    /// the one before it always remain. Of those that were never live, only the newest stays: one is written each time
    /// that a failed reload is tried again.
    public func prune(bytes: Int = GenerationStore.keptBytes) throws(FileError) {
        let live = current()?.number ?? 0
        let all = try numbers()
        let earlier = all.filter { $0 < live }
        let previous = previousLive.flatMap { earlier.contains($0) ? $0 : nil } ?? earlier.last
        var left = bytes - (all.contains(live) ? size(of: live) : 0) - (previous.map(size(of:)) ?? 0)
        var kept: Set<Int> = Set([live, previous].compactMap(\.self))
        for number in earlier.reversed() where !kept.contains(number) && kept.count < Self.kept {
            left -= size(of: number)
            guard left >= 0 else { break }
            kept.insert(number)
        }
        for number in earlier.filter({ !kept.contains($0) }) + all.filter({ $0 > live }).dropLast() {
            remove(Generation(number: number, in: state).folder)
            secrets[number] = nil
        }
    }

    /// In bytes.
    private func size(of number: Int) -> Int {
        let folder = Generation(number: number, in: state).folder
        return ((try? Folder.names(in: folder)) ?? []).reduce(0) { sum, name in
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    private func removeAllButLive(and other: Int? = nil) throws(FileError) {
        let live = current()?.number
        for number in try numbers() where number != live && number != other {
            remove(Generation(number: number, in: state).folder)
            secrets[number] = nil
        }
    }

    private static func create(_ path: String, _ bytes: [UInt8], isSynced: Bool) throws(FileError) {
        let file = try OpenFile(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
        try file.write(bytes)
        if isSynced { try file.sync() }
    }
}
