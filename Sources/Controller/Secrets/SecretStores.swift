internal import Audit
public import Basics
public import Logging
public import NginxConfig
public import Routing
public import ServiceLifecycle
internal import Synchronization

/// All secrets that nginx needs, in one store per kind.
public struct SecretStores: Service {
    /// Audit records of the changes that no reload covers; those that occur together in one element. For a single
    /// consumer.
    let records: AsyncStream<[AuditRecord]>
    private let stores: [any AnySecretStore]
    private let pace: RefreshPace
    private let updated: SecretUpdates

    /// - Parameters:
    ///   - refreshInterval: the longest time until a new version of a secret is read, if there are not too many.
    ///   - updates: signalled after a change of `reports`.
    public init(
        kinds: [any SecretKind], refreshInterval: Duration, updates: WakeUpSignal, logger: Logger
    ) {
        let (records, continuation) = AsyncStream<[AuditRecord]>.makeStream()
        let updated = SecretUpdates(signal: updates)
        self.updated = updated
        let outlets = SecretOutlets(updates: updated, records: continuation)
        let pace = RefreshPace(interval: refreshInterval)
        func store(_ kind: some SecretKind) -> any AnySecretStore {
            SecretStore(kind: kind, outlets: outlets, pace: pace, logger: logger)
        }
        self.records = records
        stores = kinds.map { store($0) }
        self.pace = pace
    }

    /// Reads the wanted secrets when they are due, until shutdown.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for store in stores {
                group.addTask { await store.refresh() }
            }
        }
    }

    /// Starts with the files of the last run, as far as they are on disk. Call it before `want`.
    ///
    /// - Parameter generations: the secrets of each generation on disk, newest first. Their files stand in for secrets
    ///   whose source is unavailable.
    public func resume(_ served: ServedSecrets, generations: [ServedSecrets]) async {
        for store in stores { await store.resume(served, generations: generations) }
    }

    /// Replaces the wanted secrets by those that the table needs.
    ///
    /// - Parameter changed: the owners of hosts that have changed. Their secrets that are missing or rejected are read
    ///   now.
    public func want(_ table: RoutingTable, changed: Set<OwnerRef>) async {
        for store in stores { await store.want(table, changed: changed) }
    }

    /// The longest time until a new version of a secret is read: the configured interval, or more with many secrets.
    public var refreshInterval: Duration { pace.interval }

    /// True if every wanted secret has a file, or a read of it has been attempted.
    public var isAttempted: Bool {
        get async {
            for store in stores where await !store.isAttempted { return false }
            return true
        }
    }

    /// True if each certificate that was wanted at first, and still is, has a file or an answer of its source.
    public var isAnswered: Bool {
        get async {
            for store in stores where await !store.isAnswered { return false }
            return true
        }
    }

    /// How often the loop was woken because of a change of `reports`.
    var updates: Int? { updated.count }

    public var reports: SecretReports {
        get async {
            var kinds: [any AnyKindReports] = []
            for store in stores { kinds.append(await store.kindReports) }
            return SecretReports(kinds, refreshInterval: pace.interval)
        }
    }

    /// Removes the files that neither these configurations nor the wanted secrets refer to.
    public func cleanup(keeping served: [ServedSecrets]) async {
        for store in stores { await store.cleanup(keeping: served) }
    }
}

/// A `SecretStore` of any kind.
protocol AnySecretStore: Sendable {
    var isAttempted: Bool { get async }
    var isAnswered: Bool { get async }
    var kindReports: any AnyKindReports { get async }

    func resume(_ served: ServedSecrets, generations: [ServedSecrets]) async
    func want(_ table: RoutingTable, changed: Set<OwnerRef>) async
    func cleanup(keeping served: [ServedSecrets]) async
    /// Returns at graceful shutdown.
    func refresh() async
}

/// Wakes the loop, and counts how often, so that the loop knows whether a pass has covered all changes.
final class SecretUpdates: Sendable {
    private let wakeUp: WakeUpSignal
    private let signals = Mutex(0)

    init(signal: WakeUpSignal) {
        wakeUp = signal
    }

    var count: Int { signals.withLock { $0 } }

    func signal() {
        signals.withLock { $0 += 1 }
        wakeUp.signal()
    }
}

/// The receiver of the changes of all stores.
struct SecretOutlets: Sendable {
    var updates: SecretUpdates
    var records: AsyncStream<[AuditRecord]>.Continuation
}
