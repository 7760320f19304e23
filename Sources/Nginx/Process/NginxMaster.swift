internal import Basics
internal import Dispatch
internal import Foundation
internal import Glibc
public import Logging
internal import NginxConfig
public import ServiceLifecycle
internal import Synchronization

/// Keeps nginx's master process running on the live generation: starts it when the first generation is ready, or goes on
/// with one that an earlier controller left behind; starts it again when it dies; and on graceful shutdown lets the
/// requests in flight finish (SIGQUIT).
///
/// A master that dies leaves its workers: they serve on until the next master, which inherits the listening sockets,
/// accepts too.
public final class NginxMaster: Service, Sendable {
    /// What became of the master process.
    public enum Change: Sendable, Equatable {
        case started(pid: Int32)
        /// By itself; without a process when it could not even be started.
        case ended(pid: Int32?, ending: String)
        /// As it was told to.
        case stopped(pid: Int32?, ending: String)
    }

    private let binary: NginxBinary
    private let state: StateDirectory
    private let store: GenerationStore
    private let addresses: [ListenAddress]
    private let logger: Logger
    private let condition = Mutex(Condition())
    private let firstReload = WakeUpSignal()
    /// In order; ends with `run`. For a single consumer.
    public let changes: AsyncStream<Change>
    private let changeSignal: AsyncStream<Change>.Continuation

    /// - Parameter addresses: what nginx will listen on; whatever else its configuration names it binds itself.
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

    /// Of the running master; nil while there is none.
    public var processIdentifier: Int32? { condition.withLock { $0.process?.pid } }

    /// How often the master ended without being asked to.
    public var unexpectedExits: Int { condition.withLock { $0.exits } }

    /// Makes nginx serve what `current` links to: by SIGHUP where it runs, else by a start. Returns at once; whether
    /// it worked is for the socket to say.
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

    /// Makes another master serve what `current` links to, in the place of one that does not react. Its workers serve
    /// until then. Returns at once.
    public func replace() {
        condition.withLock { condition in
            guard let process = condition.process else { return }
            condition.isReplaced = true
            process.signal(SIGKILL)
        }
    }

    public func run() async throws {
        defer { changeSignal.finish() }
        await cancelWhenGracefulShutdown { [firstReload] in await firstReload.wait() }
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        var adopted = adopt()
        var failures = 0
        while !isStopping {
            let began = ContinuousClock.now
            let (pid, ending) = await runOnce(adopted)
            adopted = nil
            if isStopping || Task.isCancelled {
                changeSignal.yield(.stopped(pid: pid, ending: ending))
                return
            }
            if takeReplacement() {
                changeSignal.yield(.stopped(pid: pid, ending: ending))
                logger.warning("nginx did not react, starting another", metadata: ["ending": "\(ending)"])
                continue
            }
            changeSignal.yield(.ended(pid: pid, ending: ending))
            failures = began.duration(to: .now) > .seconds(60) ? 1 : failures + 1
            let delay = Self.delay(afterFailures: failures)
            // Who connects while nobody will accept for some time should see that, and go elsewhere.
            if delay > .zero, !condition.withLock(\.orphans).areAlive { condition.withLock { $0.sockets = [:] } }
            logger.error(
                "nginx ended, starting it again",
                metadata: ["ending": "\(ending)", "delay": "\(delay)", "failures": "\(failures)"])
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: delay) }
        }
    }

    /// 0 ms after the first, then 100 ms × 2 for each further one, up to 10 s:
    /// 0, 100, 200, 400, 800 ms, 1.6, 3.2, 6.4, 10, 10 s …
    static func delay(afterFailures failures: Int) -> Duration {
        failures <= 1 ? .zero : min(.milliseconds(100) * (1 << min(failures - 2, 10)), .seconds(10))
    }

    /// Whether it ended to make room for another; told once.
    private func takeReplacement() -> Bool {
        condition.withLock { condition in
            defer { condition.isReplaced = false }
            return condition.isReplaced
        }
    }

    private var isStopping: Bool {
        condition.withLock { if case .stopping = $0.phase { true } else { false } }
    }

    /// Goes on with the nginx that an earlier run left behind; one that cannot be used ends, and its workers serve until
    /// another is there.
    private func adopt() -> MasterProcess? {
        guard let leftover = OrphanedMaster(state: state, binary: binary) else { return nil }
        condition.withLock { $0.sockets = leftover.sockets.filter { addresses.contains($0.key) } }
        guard let problem = leftover.unusable else {
            logger.notice(
                "going on with the nginx that an earlier run left behind", metadata: ["pid": "\(leftover.pid)"])
            return leftover.process
        }
        logger.warning(
            "replacing the nginx that an earlier run left behind",
            metadata: ["pid": "\(leftover.pid)", "reason": "\(problem)"])
        leftover.end()
        condition.withLock { $0.orphans.add(group: leftover.pid) }
        return nil
    }

    /// Runs one master to its end.
    private func runOnce(_ adopted: MasterProcess?) async -> (pid: pid_t?, ending: String) {
        let process: MasterProcess
        if let adopted {
            process = adopted
        } else {
            await openSockets()
            await store.restoreLink()
            // A socket file left by a killed nginx keeps the next one from binding.
            unlink(state.socket.text)
            do {
                let arguments = binary.arguments(["-g", "daemon off;"], configuration: state.mainFile, state: state)
                let sockets = condition.withLock { $0.sockets.values.sorted { $0.descriptor < $1.descriptor } }
                process = try MasterProcess.start(
                    binary.path, arguments, environment: ["PATH": binary.searchPath], sockets: sockets)
            } catch {
                didEnd(nil)
                return (nil, error.description)
            }
        }
        didStart(process, isAdopted: adopted != nil)
        return await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                async let up: Void = waitUntilUp(process)
                let ending = await process.ended()
                await up
                didEnd(process)
                return (process.pid, ending)
            } onCancel: {
                stop()
                // Nobody waits for requests in flight when the controller itself has failed.
                DispatchQueue.global().asyncAfter(deadline: .now() + 5) { process.signal(SIGTERM) }
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Holds what nginx will listen on. A port that the workers of a gone master have, and that could not be copied from it,
    /// is free when they have left.
    private func openSockets() async {
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            let isWaiting = condition.withLock { condition in
                let isComplete = condition.sockets.open(addresses)
                return !isComplete && !condition.orphans.isEmpty
            }
            guard isWaiting, ContinuousClock.now < deadline else { return }
            condition.withLock(\.orphans).quit()
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }

    private func didStart(_ process: MasterProcess, isAdopted: Bool) {
        let isStopping = condition.withLock { condition in
            if case .stopping = condition.phase { return true }
            condition.phase = isAdopted ? .running(process) : .starting(process, isReloadDue: false)
            return false
        }
        // Shutdown began between the decision to start and the start.
        if isStopping { process.signal(SIGQUIT) }
        changeSignal.yield(.started(pid: process.pid))
        guard !isStopping else { return }
        // What it was adopted for.
        if isAdopted { return process.signal(SIGHUP) }
        logger.info("nginx started", metadata: ["pid": "\(process.pid)", "version": "\(binary.version)"])
    }

    /// nginx writes its id when it listens and has its signal handlers. Then the workers of those before it may leave.
    private func waitUntilUp(_ process: MasterProcess) async {
        while condition.withLock({ if case .starting = $0.phase { true } else { false } }) {
            let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8)
            if text == "\(process.pid)\n" {
                condition.withLock { condition in
                    guard case .starting(_, let isReloadDue) = condition.phase else { return }
                    condition.phase = .running(process)
                    if isReloadDue { process.signal(SIGHUP) }
                    // What it has no use for would be a port that takes connections and never answers.
                    condition.sockets = condition.sockets.filter { $0.value.isOpen(in: process.pid) }
                    condition.orphans.quit()
                    condition.orphans = OrphanedWorkers()
                }
                return
            }
            if process.hasEnded { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func didEnd(_ process: MasterProcess?) {
        // Workers of one before it have a port that is not among `addresses`: it can start when they have left.
        let isBlocked = EmergencyLog(state: state).words?.contains("bind()") == true
        condition.withLock { condition in
            if case .stopping = condition.phase { return }
            if case .starting = condition.phase, isBlocked { condition.orphans.quit() }
            condition.phase = .backingOff
            if !condition.isReplaced { condition.exits += 1 }
            if let process { condition.orphans.add(group: process.pid) }
        }
    }

    private func stop() {
        condition.withLock { condition in
            condition.process?.signal(SIGQUIT)
            condition.phase = .stopping
            // While anyone holds them, connections are taken that nobody answers.
            condition.sockets = [:]
            condition.orphans.quit()
        }
    }
}
