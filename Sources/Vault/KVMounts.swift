import Synchronization

/// The mount of a KV engine.
struct KVMount: Sendable, Equatable {
    /// With a trailing slash. Empty if it is not known; only version 2 needs it.
    var path: String
    var version: Int

    /// The path of a secret relative to the mount; nil if it is outside.
    func remainder(of path: String) -> String? {
        path.hasPrefix(self.path) && path.count > self.path.count ? String(path.dropFirst(self.path.count)) : nil
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
