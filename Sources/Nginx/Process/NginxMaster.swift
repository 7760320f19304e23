internal import Glibc
public import Logging
internal import NginxConfig
public import ServiceLifecycle
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Keeps nginx's master process running on the live generation: starts it when the first generation is ready, starts it
/// again when it dies, and on graceful shutdown lets the requests in flight finish (SIGQUIT).
public final class NginxMaster: Service, Sendable {
    /// What became of the master process.
    public enum Change: Sendable, Equatable {
        case started(pid: Int32)
        /// By itself; without a process when it could not even be started.
        case ended(pid: Int32?, ending: String)
        /// As it was told to.
        case stopped(pid: Int32?, ending: String)
    }

    private enum Phase {
        /// No generation is live yet.
        case idle
        case running(pid: pid_t)
        /// Died, or could not be started; the next start is due.
        case backingOff
        case stopping
    }

    private struct Condition {
        var phase = Phase.idle
        /// How often it ended without being asked to.
        var exits = 0
    }

    private let binary: NginxBinary
    private let state: StateDirectory
    private let logger: Logger
    private let condition = Mutex(Condition())
    private let started: AsyncStream<Void>
    private let startSignal: AsyncStream<Void>.Continuation
    /// In order; ends with `run`. For a single consumer.
    public let changes: AsyncStream<Change>
    private let changeSignal: AsyncStream<Change>.Continuation

    public init(binary: NginxBinary, state: StateDirectory, logger: Logger) {
        self.binary = binary
        self.state = state
        self.logger = logger
        (started, startSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (changes, changeSignal) = AsyncStream.makeStream()
    }

    /// Of the running master; nil while there is none.
    public var processIdentifier: Int32? {
        condition.withLock { if case .running(let pid) = $0.phase { pid } else { nil } }
    }

    /// How often the master ended without being asked to.
    public var unexpectedExits: Int { condition.withLock { $0.exits } }

    /// Makes nginx serve what `current` links to: by SIGHUP where it runs, else by a start. Returns at once; whether
    /// it worked is for the socket to say.
    public func reload() {
        condition.withLock { condition in
            // The lock is held until the signal is sent, so that the process cannot be reaped in between.
            if case .running(let pid) = condition.phase { kill(pid, SIGHUP) }
        }
        startSignal.yield()
    }

    public func run() async throws {
        defer { changeSignal.finish() }
        guard await started.cancelOnGracefulShutdown().first(where: { true }) != nil else { return }
        await LeftoverMaster(state: state, logger: logger).end()
        var failures = 0
        while !isStopping {
            // A socket file left by a killed nginx keeps the next one from binding.
            unlink(state.socket.text)
            let began = ContinuousClock.now
            let (pid, ending) = await runOnce()
            if isStopping || Task.isCancelled {
                changeSignal.yield(.stopped(pid: pid, ending: ending))
                return
            }
            changeSignal.yield(.ended(pid: pid, ending: ending))
            failures = began.duration(to: .now) > .seconds(60) ? 1 : failures + 1
            let delay = Self.delay(afterFailures: failures)
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

    private var isStopping: Bool {
        condition.withLock { if case .stopping = $0.phase { true } else { false } }
    }

    /// Runs one master to its end.
    private func runOnce() async -> (pid: pid_t?, ending: String) {
        var options = PlatformOptions()
        // A group of its own: the terminal's Ctrl-C does not reach it, and orphaned workers can be found by it.
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .quit, allowedDurationToNextStep: .seconds(5))]
        let arguments = binary.arguments(["-g", "daemon off;"], configuration: state.mainFile, state: state)
        return await withGracefulShutdownHandler {
            do {
                let result = try await Subprocess.run(
                    .path(FilePath(binary.path)), arguments: arguments, environment: binary.environment,
                    platformOptions: options, input: .none, output: .currentStandardOutput,
                    error: .currentStandardError
                ) { execution in
                    self.didStart(execution.processIdentifier.value)
                }
                didEnd(group: result.processIdentifier.value)
                return (result.processIdentifier.value, "\(result.terminationStatus)")
            } catch {
                didEnd(group: nil)
                return (nil, "\(error)")
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func didStart(_ pid: pid_t) {
        let isStopping = condition.withLock { condition in
            if case .stopping = condition.phase { return true }
            condition.phase = .running(pid: pid)
            return false
        }
        // Shutdown began between the decision to start and the start.
        if isStopping { kill(pid, SIGQUIT) }
        changeSignal.yield(.started(pid: pid))
        logger.info("nginx started", metadata: ["pid": "\(pid)", "version": "\(binary.version)"])
    }

    private func didEnd(group: pid_t?) {
        condition.withLock { condition in
            guard case .stopping = condition.phase else {
                condition.phase = .backingOff
                condition.exits += 1
                return
            }
        }
        // The workers of a killed master go on and hold the ports; this lets them finish their requests and leave.
        if let group { kill(-group, SIGQUIT) }
    }

    private func stop() {
        condition.withLock { condition in
            if case .running(let pid) = condition.phase { kill(pid, SIGQUIT) }
            condition.phase = .stopping
        }
    }
}
