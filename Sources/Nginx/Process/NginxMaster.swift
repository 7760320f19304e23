internal import Basics
internal import Glibc
public import Logging
internal import NginxConfig
public import ServiceLifecycle
internal import Synchronization

/// Supervises nginx's master process: starts it when the first generation is ready, or adopts an orphaned one; restarts
/// it when it exits; and stops it on graceful shutdown when the requests in flight have finished (SIGQUIT).
///
/// When a master exits, its workers serve traffic until the next master accepts connections. The next master inherits
/// the listening sockets.
public final class NginxMaster: Service, Sendable {
    /// A start or an end of the master process.
    public enum Change: Sendable, Equatable {
        case started(pid: Int32)
        /// It ended unexpectedly, or could not be started (without a process id).
        case ended(pid: Int32?, ending: String)
        /// The controller stopped it.
        case stopped(pid: Int32?, ending: String)
    }

    let binary: NginxBinary
    let state: StateDirectory
    let store: GenerationStore
    let addresses: [ListenAddress]
    let logger: Logger
    let condition = Mutex(Condition())
    private let firstReload = WakeUpSignal()
    /// All changes in order; ends with `run`. For a single consumer.
    public let changes: AsyncStream<Change>
    let changeSignal: AsyncStream<Change>.Continuation

    /// - Parameter addresses: the addresses whose sockets nginx inherits. It binds all others itself.
    public init(
        binary: NginxBinary, state: StateDirectory, store: GenerationStore, addresses: [ListenAddress], logger: Logger
    ) {
        self.binary = binary
        self.state = state
        self.store = store
        self.addresses = addresses
        self.logger = logger
        (changes, changeSignal) = AsyncStream.makeStream()
    }

    /// The process id of the running master, if any.
    public var processIdentifier: Int32? { condition.withLock { $0.process?.pid } }

    /// The number of unexpected exits of the master.
    public var unexpectedExits: Int { condition.withLock { $0.exits } }

    /// Makes nginx load the generation of the link `current`: by SIGHUP if it runs, else by starting it. Returns at
    /// once; the caller verifies the result through the unix socket.
    public func reload() {
        condition.withLock { condition in
            switch condition.phase {
            case .running(let process): process.signal(SIGHUP)
            case .starting(let process, _): condition.phase = .starting(process, isReloadDue: true)
            case .idle, .backingOff, .stopping: break
            }
        }
        firstReload.signal()
    }

    /// Replaces an unresponsive master by a new one, which loads the generation of the link `current`. The old workers
    /// serve traffic until then. Returns at once.
    public func replace() {
        condition.withLock { condition in
            guard let process = condition.process else { return }
            condition.isReplaced = true
            process.signal(SIGKILL)
        }
    }

    public func run() async throws {
        defer { changeSignal.finish() }
        let messages = openMessages()
        await supervise(messages?.pipe)
        await messages?.finish()
    }

    private func openMessages() -> MessageLog? {
        do throws(FileError) {
            return try MessageLog(state: state, logger: logger)
        } catch {
            logger.error("cannot read messages of nginx", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func supervise(_ messages: MessagePipe?) async {
        await cancelWhenGracefulShutdown { [firstReload] in await firstReload.wait() }
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        var adopted = adopt(messages)
        var failures = 0
        while !isStopping {
            let began = ContinuousClock.now
            let (pid, ending) = await runOnce(adopted, messages)
            adopted = nil
            if isStopping || Task.isCancelled {
                changeSignal.yield(.stopped(pid: pid, ending: ending))
                return
            }
            if takeReplacement() {
                changeSignal.yield(.stopped(pid: pid, ending: ending))
                logger.warning(
                    "nginx was unresponsive, starting a new master", metadata: Self.metadata(of: pid, ending))
                continue
            }
            changeSignal.yield(.ended(pid: pid, ending: ending))
            failures = began.duration(to: .now) > .seconds(60) ? 1 : failures + 1
            let delay = Self.delay(afterFailures: failures)
            // Without workers, new connections must fail at once instead of waiting for the next start.
            if delay > .zero, !condition.withLock(\.orphans).areAlive { condition.withLock { $0.sockets = [:] } }
            var metadata = Self.metadata(of: pid, ending)
            metadata["retry_in"] = "\(delay.inLog)"
            metadata["failures"] = "\(failures)"
            logger.error("nginx exited unexpectedly, restarting it", metadata: metadata)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) }
        }
    }

    /// - Parameter pid: nil if the master did not start.
    private static func metadata(of pid: pid_t?, _ ending: String) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["ending": "\(ending)"]
        metadata["pid"] = pid.map { "\($0)" }
        return metadata
    }

    /// The wait before a restart. It doubles with each failure in a row:
    /// 0, 100, 200, 400, 800 ms, 1.6, 3.2, 6.4, 10, 10 s …
    static func delay(afterFailures failures: Int) -> Duration {
        failures <= 1 ? .zero : min(.milliseconds(100) * (1 << min(failures - 2, 10)), .seconds(10))
    }

    /// Returns and resets `isReplaced`.
    private func takeReplacement() -> Bool {
        condition.withLock { condition in
            defer { condition.isReplaced = false }
            return condition.isReplaced
        }
    }

    private var isStopping: Bool {
        condition.withLock { if case .stopping = $0.phase { true } else { false } }
    }

    /// Adopts an orphaned master. If that is impossible, kills it; its workers serve traffic until a new master accepts
    /// connections.
    private func adopt(_ messages: MessagePipe?) -> MasterProcess? {
        guard let orphan = OrphanedMaster(state: state, binary: binary, messages: messages) else { return nil }
        condition.withLock { $0.sockets = orphan.sockets.filter { addresses.contains($0.key) } }
        guard let problem = orphan.problem else {
            logger.notice("orphaned nginx adopted", metadata: ["pid": "\(orphan.pid)"])
            return orphan.process
        }
        logger.warning(
            "replacing orphaned nginx", metadata: ["pid": "\(orphan.pid)", "error": "\(problem)"])
        orphan.kill()
        condition.withLock { $0.orphans.add(group: orphan.pid) }
        return nil
    }
}
