internal import Basics
internal import Foundation
internal import Glibc
internal import NginxConfig

/// An nginx that an earlier controller left behind when it was killed. It serves, and goes on doing so.
struct OrphanedMaster {
    let pid: pid_t
    /// Nil where the system has no pidfds: then it cannot be watched, and is unusable.
    let process: MasterProcess?
    /// Copies of what it listens on; empty where the system forbids that.
    let sockets: [ListenAddress: ListeningSocket]
    /// Why it cannot be gone on with; nil where it can.
    let unusable: String?

    /// The process of the pid file, if it is an nginx master on this state folder: an id may have become another's.
    init?(state: StateDirectory, binary: NginxBinary) {
        guard let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8),
            let pid = pid_t(text.trimmed), pid > 1
        else { return nil }
        let pidfd = PIDFD(pid)
        // nginx puts its command line into its title.
        let title = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        let line = String(decoding: title, as: UTF8.self)
        guard line.hasPrefix("nginx: master process "), line.contains(state.mainFile) else { return nil }
        let problem = Self.problem(pid, binary: binary)
        sockets = pidfd.map { ListeningSocket.held(by: pid, $0) } ?? [:]
        // Not ended by now, so all that was read is about this process.
        if pidfd?.hasEnded == true { return nil }
        self.pid = pid
        process = pidfd.map { MasterProcess(pid: pid, pidfd: $0) }
        unusable = pidfd == nil ? "the system has no pidfds" : problem
    }

    /// Leaves its workers.
    func end() {
        if let process { process.signal(SIGKILL) } else { kill(pid, SIGKILL) }
    }

    private static func problem(_ pid: pid_t, binary: NginxBinary) -> String? {
        // proc(5): the state follows the name in parentheses; T and t are stopped.
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let state = status.split(separator: ")").last?.split(separator: " ").first ?? ""
        if state.lowercased() == "t" { return "it is stopped" }
        var (running, installed) = (stat(), stat())
        // Through the link, which leads to the file that was started even where that was replaced since.
        guard stat("/proc/\(pid)/exe", &running) == 0, stat(binary.path, &installed) == 0,
            running.st_dev == installed.st_dev, running.st_ino == installed.st_ino
        else { return "it is another program than \(binary.path)" }
        return nil
    }
}
