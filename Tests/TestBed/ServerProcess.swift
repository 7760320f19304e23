public import Foundation
import Glibc
import Synchronization

/// A server of the bed. It is stopped by its process id, and with the test process, even if that is killed.
///
/// Each server has a thread that starts it and waits for its end. The kernel sends the parent-death signal when the
/// *thread* that forked ends (prctl(2), PR_SET_PDEATHSIG), so that thread must live as long as the child.
public final class ServerProcess: Sendable {
    private enum State {
        case starting([CheckedContinuation<Void, any Error>])
        case running(pid: pid_t, waiting: [CheckedContinuation<ExitStatus, Never>])
        case ended(ExitStatus)
        case failed(BedError)
    }

    /// The end of a process.
    public enum ExitStatus: Sendable, Equatable {
        case exited(Int)
        case signaled(Int)
    }

    /// The signal that it gets when the test process dies.
    public enum DeathSignal: String, Sendable {
        case kill = "KILL"
        /// For a process that has to stop its children.
        case terminate = "TERM"

        var number: Int32 { self == .kill ? SIGKILL : SIGTERM }
    }

    public struct Command: Sendable {
        public var executable: String
        public var arguments: [String]
        /// Additional environment variables.
        public var environment: [String: String]
        public var deathSignal: DeathSignal

        public init(
            _ executable: String, _ arguments: [String], environment: [String: String] = [:],
            deathSignal: DeathSignal = .kill
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.deathSignal = deathSignal
        }
    }

    public let name: String
    public let command: Command
    /// The log with standard output and standard error; a restart appends to it.
    public let log: URL
    private let state = Mutex(State.starting([]))

    /// Starts the command with empty input.
    ///
    /// - Parameters:
    ///   - name: the name in errors, and of the log file `<name>.log` in `folder`.
    public init(_ name: String, _ command: Command, folder: URL) async throws {
        self.name = name
        self.command = command
        log = folder.appending(path: "\(name).log")
        let thread = Thread { [self] in startAndReap() }
        thread.start()
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Void, BedError>? = state.withLock { state in
                switch state {
                case .starting(let waiting):
                    state = .starting(waiting + [continuation])
                    return nil
                case .failed(let error): return .failure(error)
                case .running, .ended: return .success(())
                }
            }
            if let result { continuation.resume(with: result.mapError { $0 as any Error }) }
        }
        LiveProcesses.shared.insert(self)
    }

    /// Nil when the process has ended.
    public var pid: Int32? {
        state.withLock { if case .running(let pid, _) = $0 { pid } else { nil } }
    }

    public var exitStatus: ExitStatus? {
        state.withLock { if case .ended(let status) = $0 { status } else { nil } }
    }

    /// Sends a signal, unless the process has ended. The process id cannot be reused in between, because the
    /// child is reaped under the same lock.
    public func signal(_ signal: Int32) {
        state.withLock { if case .running(let pid, _) = $0 { _ = kill(pid, signal) } }
    }

    /// Waits for the end of the process.
    public func ended() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status: ExitStatus? = state.withLock { state in
                switch state {
                case .running(let pid, let waiting):
                    state = .running(pid: pid, waiting: waiting + [continuation])
                    return nil
                case .ended(let status): return status
                case .starting, .failed: return .exited(127)
                }
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Stops the process by a signal, and kills it after `grace`.
    @discardableResult
    public func stop(_ signal: Int32? = nil, grace: Duration = .seconds(5)) async -> ExitStatus {
        self.signal(signal ?? SIGTERM)
        let killer = Task {
            try await Task.sleep(for: grace)
            self.signal(SIGKILL)
        }
        defer { killer.cancel() }
        return await ended()
    }

    /// The last lines of the log, for errors.
    public func logTail(lines: Int = 30) -> String {
        let text = (try? String(decoding: Data(contentsOf: log), as: UTF8.self)) ?? ""
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }

    private func startAndReap() {
        let pid: pid_t
        do {
            pid = try Spawn.start(command, log: log)
        } catch {
            let waiting = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
                guard case .starting(let waiting) = state else { return [] }
                state = .failed(error)
                return waiting
            }
            for continuation in waiting { continuation.resume(throwing: error) }
            return
        }
        let waiting = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard case .starting(let waiting) = state else { return [] }
            state = .running(pid: pid, waiting: [])
            return waiting
        }
        for continuation in waiting { continuation.resume() }

        // Waits without reaping: the process id cannot be reused until it is reaped, under the lock.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        let (ended, status) = state.withLock { state -> ([CheckedContinuation<ExitStatus, Never>], ExitStatus) in
            var raw: Int32 = 0
            while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
            // wait(2): the low seven bits are the signal, zero for an exit; the next eight the exit status.
            let signal = Int(raw & 0x7f)
            let status = signal == 0 ? ExitStatus.exited(Int(raw >> 8) & 0xff) : .signaled(signal)
            guard case .running(_, let waiting) = state else { return ([], status) }
            state = .ended(status)
            return (waiting, status)
        }
        LiveProcesses.shared.remove(self)
        for continuation in ended { continuation.resume(returning: status) }
    }
}
