internal import CLinux
internal import Glibc

/// Identifies a process even if its process id is reused (pidfd_open(2)).
final class PIDFD: Sendable {
    let descriptor: Int32

    /// Nil if the process does not exist, or the system has no pidfds (Linux before 5.3, some seccomp profiles).
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
