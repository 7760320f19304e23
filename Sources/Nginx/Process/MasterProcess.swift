internal import Foundation
internal import Glibc
internal import Synchronization

/// An nginx master process: a child of the controller, or one adopted from an earlier controller.
///
/// A signal cannot reach another process that reuses the process id: a child is reaped under the lock under which
/// signals are sent, and an adopted process is identified by a pidfd.
final class MasterProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<String, Never>])
        case ended(String)
    }

    let pid: pid_t
    /// Nil for a child.
    private let pidfd: PIDFD?
    private let state = Mutex(State.running([]))

    /// - Parameter pid: a child that no other code waits for.
    init(child pid: pid_t) {
        self.pid = pid
        pidfd = nil
        Thread.detachNewThread { [self] in reap() }
    }

    /// - Parameter pidfd: the pidfd of the process `pid`.
    init(pid: pid_t, pidfd: PIDFD) {
        self.pid = pid
        self.pidfd = pidfd
        Thread.detachNewThread { [self] in
            pidfd.waitForEnd()
            finish("ended")
        }
    }

    var hasEnded: Bool {
        state.withLock { if case .ended = $0 { true } else { false } }
    }

    func signal(_ number: Int32) {
        state.withLock { state in
            guard case .running = state else { return }
            if let pidfd { pidfd.signal(number) } else { kill(pid, number) }
        }
    }

    /// Waits for the end of the process.
    /// - Returns: `exited(1)` or `signaled(9)`; for a process that is not a child, `ended`.
    func ended() async -> String {
        await withCheckedContinuation { continuation in
            let ending: String? = state.withLock { state in
                switch state {
                case .running(let waiting):
                    state = .running(waiting + [continuation])
                    return nil
                case .ended(let ending): return ending
                }
            }
            if let ending { continuation.resume(returning: ending) }
        }
    }

    /// Blocks.
    private func reap() {
        // Waits without reaping: the process id cannot be reused until it is reaped, under the lock.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        var waiting: [CheckedContinuation<String, Never>] = []
        var ending = ""
        state.withLock { state in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            // wait(2): the low seven bits are the signal, zero for an exit; the next eight the exit status.
            let signal = status & 0x7f
            ending = signal == 0 ? "exited(\(status >> 8 & 0xff))" : "signaled(\(signal))"
            if case .running(let continuations) = state { waiting = continuations }
            state = .ended(ending)
        }
        for continuation in waiting { continuation.resume(returning: ending) }
    }

    private func finish(_ ending: String) {
        let waiting = state.withLock { state -> [CheckedContinuation<String, Never>] in
            guard case .running(let waiting) = state else { return [] }
            state = .ended(ending)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: ending) }
    }
}
