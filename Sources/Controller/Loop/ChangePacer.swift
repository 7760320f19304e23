internal import Basics
internal import Kubernetes
internal import KubernetesAPI
internal import Logging
internal import Synchronization

/// Wakes the loop when changes in the cache are due (`NamespacePaces`).
final class ChangePacer: Sendable {
    private let cache: ObjectCache
    private let wakeUp: WakeUpSignal
    private let logger: Logger
    private let paces = Mutex(NamespacePaces())

    init(cache: ObjectCache, wakeUp: WakeUpSignal, logger: Logger) {
        self.cache = cache
        self.wakeUp = wakeUp
        self.logger = logger
    }

    /// Runs until it is cancelled. The only consumer of `ObjectCache.changed`.
    func run() async {
        var due: ContinuousClock.Instant?
        while !Task.isCancelled {
            await cache.changed.wait(until: due)
            due = signalIfDue(at: .now)
        }
    }

    /// - Returns: when to try again; nil: after the next change.
    private func signalIfDue(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let pending = cache.pending
        let due = paces.withLock { $0.next(pending.namespaces, isUrgent: pending.isUrgent, at: now) }
        guard let due, due <= now else { return due }
        wakeUp.signal()
        return nil
    }

    /// The loop was woken and has found nothing to do. A change that has arrived since is signalled again.
    func skip() {
        prepare()
        cache.changed.signal()
    }

    /// The loop is about to begin a pass, or has decided not to.
    func prepare() {
        paces.withLock { $0.prepare() }
    }

    /// A pass has taken these changes.
    func begin(_ changes: [Change]) {
        paces.withLock { $0.begin(changes.lazy.map(\.key.namespace)) }
    }

    /// The pass has ended.
    ///
    /// - Parameter pause: the pause that the loop makes after it.
    func end(from began: ContinuousClock.Instant, to now: ContinuousClock.Instant, pause: Duration) {
        for namespace in paces.withLock({ $0.end(from: began, to: now, pause: pause) }) {
            logger.info(
                "namespace changes continuously, its changes wait longer than those of others",
                metadata: ["namespace": "\(namespace)"])
        }
        // Changes that have arrived during the pass have a time now.
        cache.changed.signal()
    }
}
