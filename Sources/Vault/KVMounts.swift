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
    }

    private let state = Mutex(State())
    /// One question at a time.
    let turn = ConcurrencyLimit(1)

    /// Mounts do not lie inside each other, so the first that fits is the one.
    func mount(of path: String, now: Duration) -> KVMount? {
        state.withLock { state in
            state.entries = state.entries.filter { now - $0.value.foundAt < Self.lifetime }
            return state.entries.first { path.hasPrefix($0.key) }?.value.mount
        }
    }

    /// - Parameter prefix: what the answer holds for: the mount's path, or a secret's folder where there was none.
    func insert(_ mount: KVMount, prefix: String, now: Duration) {
        state.withLock { $0.entries[prefix] = Entry(mount: mount, foundAt: now) }
    }

    func denyMetadata(of mount: KVMount, generation: Int) {
        state.withLock { $0.metadataDenied[mount.path] = generation }
    }

    /// A later login may have other policies.
    func isMetadataDenied(of mount: KVMount, generation: Int) -> Bool {
        state.withLock { $0.metadataDenied[mount.path] == generation }
    }
}
