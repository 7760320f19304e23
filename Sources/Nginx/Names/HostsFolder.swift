internal import Foundation
internal import Glibc
public import NginxConfig
internal import Routing

/// The hosts files that dnsmasq reads when they change (dnsmasq(8), hostsdir).
public actor HostsFolder {
    public nonisolated let path: AbsolutePath
    private let executor = QueueExecutor(label: "hosts")
    /// The text of each file that this process has written.
    private var written: [String: String] = [:]

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(_ path: AbsolutePath) {
        self.path = path
    }

    /// Writes the files that differ, each in one step: dnsmasq never reads a part of one.
    ///
    /// - Returns: the files with new text, sorted, and those that could not be written, with the reasons.
    public func write(_ files: [String: String]) -> (changed: [String], failed: [String: FileError]) {
        var failed: [String: FileError] = [:]
        var changed: [String] = []
        for (name, text) in files where written[name] != text {
            do throws(FileError) {
                try write(name, text)
                changed.append(name)
            } catch {
                failed[name] = error
            }
        }
        return (changed.sorted(), failed)
    }

    /// Removes all other files, also those of an earlier run.
    public func removeAll(except names: Set<String>) {
        for name in (try? Folder.names(in: path.text)) ?? [] where !names.contains(name) { remove(name) }
    }

    func remove(_ name: String) {
        unlink("\(path)/\(name)")
        written[name] = nil
    }

    func write(_ name: String, _ text: String) throws(FileError) {
        // dnsmasq ignores names with a dot at the beginning.
        let draft = "\(path)/.draft"
        unlink(draft)
        do throws(FileError) {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
            try file.write(Array(text.utf8))
            // dnsmasq runs under another account.
            try file.restrict(to: nil, mode: 0o644)
            try attempt("rename", draft) { rename(draft, "\(path)/\(name)") }
        } catch {
            unlink(draft)
            throw error
        }
        written[name] = text
    }
}
