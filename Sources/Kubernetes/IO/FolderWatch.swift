internal import Dispatch
internal import Glibc
internal import KubernetesAPI
internal import Synchronization

/// Tells that something in a folder changed (inotify(7)); what it was is found by reading the folder.
///
/// Owns the descriptor, which closes after the dispatch source has let go of it.
final class FolderWatch: Sendable {
    /// One element after changes, several may share one. For a single consumer.
    let events: AsyncStream<Void>
    /// When the last change was seen.
    var lastEvent: ContinuousClock.Instant { last.instant.withLock { $0 } }

    private final class Last: Sendable {
        let instant = Mutex(ContinuousClock.now)
    }

    // Safe: dispatch objects may be used from any thread; this one is only touched by `init` and `deinit`.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let last = Last()

    /// `IN_MODIFY` is no news by itself, but says that a writer is not finished. `IN_CREATE` is for links: they are
    /// never closed. `IN_MOVED_TO` is how editors save, and how a mounted ConfigMap swaps its `..data`.
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
        let (events, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.events = events
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "FolderWatch"))
        source.setEventHandler { [last] in
            FolderWatch.drain(descriptor)
            last.instant.withLock { $0 = .now }
            continuation.yield()
        }
        source.setCancelHandler {
            close(descriptor)
            continuation.finish()
        }
        source.activate()
    }

    deinit { source.cancel() }

    private static func drain(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
