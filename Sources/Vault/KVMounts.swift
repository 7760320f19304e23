import Synchronization

/// Where a KV engine is mounted, and its version.
struct KVMount: Sendable, Equatable {
    /// With the slash at the end. Empty where it is not known, which only version 1 can do without.
    var path: String
    var version: Int

    /// The path of a secret below the mount; nil where it lies elsewhere.
    func remainder(of path: String) -> String? {
        path.hasPrefix(self.path) && path.count > self.path.count ? String(path.dropFirst(self.path.count)) : nil
    }
}

/// What was found out about mounts, so that ten thousand secrets cost one question.
final class KVMounts: Sendable {
    /// A mount may be upgraded, and a policy may come to allow the question.
    static let lifetime = Duration.seconds(300)

    private struct Entry {
        var mount: KVMount
        var foundAt: Duration
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Login by whose policy a mount's `metadata` may not be read.
        var metadataDenied: [String: Int] = [:]
        var failures: (count: Int, last: VaultError?) = (0, nil)
    }

    private let state = Mutex(State())
    /// One question at a time.
    let turn = ConcurrencyLimit(1)

    /// Mounts do not lie inside each other, so that at most one fits; it knows more than a folder that was denied.
    func mount(of path: String, now: Duration) -> KVMount? {
        state.withLock { state in
            state.entries = state.entries.filter { now - $0.value.foundAt < Self.lifetime }
            let fitting = state.entries.filter { path.hasPrefix($0.key) }.map(\.value.mount)
            return fitting.first { !$0.path.isEmpty } ?? fitting.first
        }
    }

    /// - Parameter prefix: what the answer holds for: the mount's path, or a secret's folder where there was none.
    func insert(_ mount: KVMount, prefix: String, now: Duration) {
        state.withLock { $0.entries[prefix] = Entry(mount: mount, foundAt: now) }
    }

    /// How many questions had no answer so far, and why the last one.
    var failures: (count: Int, last: VaultError?) { state.withLock(\.failures) }

    func fail(_ error: VaultError) {
        state.withLock { $0.failures = ($0.failures.count + 1, error) }
    }

    func denyMetadata(of mount: KVMount, generation: Int) {
        state.withLock { $0.metadataDenied[mount.path] = generation }
    }

    /// A later login may have other policies.
    func isMetadataDenied(of mount: KVMount, generation: Int) -> Bool {
        state.withLock { $0.metadataDenied[mount.path] == generation }
    }
}
