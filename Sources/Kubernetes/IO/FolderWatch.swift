internal import Basics
internal import Dispatch
internal import Glibc
internal import KubernetesAPI
internal import Synchronization

/// Watches a folder for changes (inotify(7)). The consumer reads the folder to find out what changed.
///
/// Owns the file descriptor, which is closed after the dispatch source is cancelled.
final class FolderWatch: Sendable {
    let changed = WakeUpSignal()
    /// The time of the last change.
    var lastEvent: ContinuousClock.Instant { last.instant.withLock { $0 } }

    private final class Last: Sendable {
        let instant = Mutex(ContinuousClock.now)
    }

    // Safe: dispatch objects may be used from any thread; this one is only touched by `init` and `deinit`.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let last = Last()

    /// `IN_MODIFY` shows that a writer has not finished. `IN_CREATE` is for links, which are never closed.
    /// `IN_MOVED_TO` is how editors save, and how the kubelet swaps `..data` of a mounted ConfigMap.
    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR)

    init(_ path: String) throws(File.Failure) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { throw File.Failure(errno: errno) }
        guard inotify_add_watch(descriptor, path, FolderWatch.mask) >= 0 else {
            let failure = File.Failure(errno: errno)
            close(descriptor)
            throw failure
        }
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "FolderWatch"))
        source.setEventHandler { [last, changed] in
            FolderWatch.drain(descriptor)
            last.instant.withLock { $0 = .now }
            changed.signal()
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { source.cancel() }

    private static func drain(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
