internal import CLinux
internal import Foundation
internal import Glibc
internal import Synchronization

/// A running nginx master: a child of ours, or one that an earlier controller left behind.
///
/// Signals never reach another process that was given the same id: a child is reaped under the lock that signals are sent
/// under, any other is named by a pidfd.
final class MasterProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<String, Never>])
        case ended(String)
    }

    let pid: pid_t
    /// Nil for a child.
    private let pidfd: PIDFD?
    private let state = Mutex(State.running([]))

    /// - Parameter pid: of a child that nobody else waits for.
    init(child pid: pid_t) {
        self.pid = pid
        pidfd = nil
        Thread.detachNewThread { [self] in reap() }
    }

    /// - Parameter pidfd: of the process with that id.
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

    /// How it ended, now or later: `exited(1)`, `signaled(9)`; only `ended` for one that is not a child.
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

    /// On a thread of its own.
    private func reap() {
        // Without reaping: until then, and that is under the lock, the id is nobody else's.
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

/// Names a process for as long as it is held, whatever becomes of the process's id (pidfd_open(2)).
final class PIDFD: Sendable {
    let descriptor: Int32

    /// Nil where there is no such process, and where the system has no pidfds (Linux before 5.3, some seccomp profiles).
    init?(_ pid: pid_t) {
        descriptor = clinux_pidfd_open(pid)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    var hasEnded: Bool { poll(timeout: 0) }

    func signal(_ number: Int32) {
        _ = clinux_pidfd_send_signal(descriptor, number)
    }

    /// Blocks.
    func waitForEnd() {
        while !poll(timeout: -1) {}
    }

    private func poll(timeout: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&entry, 1, timeout) > 0
    }
}
