import Synchronization

/// The mount of a KV engine.
struct KVMount: Sendable, Equatable {
    /// With a trailing slash. Empty if it is not known; only version 2 needs it.
    var path: String
    var version: Int

    /// The path of a secret relative to the mount; nil if it is outside. In KV 2, the path may also be one of the API, as
    /// policies and the UI show it: with `data/` or `metadata/` after the mount.
    func remainder(of path: String) -> String? {
        guard path.hasPrefix(self.path) else { return nil }
        var rest = path.dropFirst(self.path.count)
        if version == 2, let folder = Self.folders.first(where: { rest.hasPrefix($0) }) {
            rest = rest.dropFirst(folder.count)
        }
        return rest.isEmpty ? nil : String(rest)
    }

    /// The folders of the API of KV 2.
    static let folders = ["data/", "metadata/"]

    /// The mount of KV 2 in a path, if Vault does not tell it: all before a folder of the API, or else one element, as most
    /// mounts have.
    static func guessed(in path: String) -> String {
        let elements = path.split(separator: "/")
        let end = elements.dropFirst().dropLast().firstIndex { Self.folders.contains("\($0)/") } ?? 1
        return elements.prefix(end).map { "\($0)/" }.joined()
    }
}

/// A cache of mounts, so that ten thousand secrets need one request.
final class KVMounts: Sendable {
    /// A mount may be upgraded, and a policy may change.
    static let lifetime = Duration.seconds(300)

    private struct Entry {
        var mount: KVMount
        var foundAt: Duration
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The login generation whose policy denies the `metadata` of a mount.
        var metadataDenied: [String: Int] = [:]
        var failures: (count: Int, last: VaultError?) = (0, nil)
    }

    private let state = Mutex(State())
    /// Limits mount requests to one at a time.
    let oneRequest = ConcurrencyLimit(1)

    /// Mounts are not nested, so at most one matches. A mount takes precedence over a folder whose request was denied.
    func mount(of path: String, now: Duration) -> KVMount? {
        state.withLock { state in
            state.entries = state.entries.filter { now - $0.value.foundAt < Self.lifetime }
            let matching = state.entries.filter { path.hasPrefix($0.key) }.map(\.value.mount)
            return matching.first { !$0.path.isEmpty } ?? matching.first
        }
    }

    /// - Parameter prefix: the paths that the entry covers: the path of the mount, or the folder of the secret if the
    ///   mount is not known.
    func insert(_ mount: KVMount, prefix: String, now: Duration) {
        state.withLock { $0.entries[prefix] = Entry(mount: mount, foundAt: now) }
    }

    /// The number of failed requests, and the last error.
    var failures: (count: Int, last: VaultError?) { state.withLock(\.failures) }

    func fail(_ error: VaultError) {
        state.withLock { $0.failures = ($0.failures.count + 1, error) }
    }

    func denyMetadata(of mount: KVMount, generation: Int) {
        state.withLock { $0.metadataDenied[mount.path] = generation }
    }

    /// A new login may have other policies.
    func isMetadataDenied(of mount: KVMount, generation: Int) -> Bool {
        state.withLock { $0.metadataDenied[mount.path] == generation }
    }
}
