internal import Basics
internal import Foundation
internal import Glibc
internal import NginxConfig

/// An nginx master that still runs after its controller was killed.
struct OrphanedMaster {
    let pid: pid_t
    /// Nil on systems without pidfds: the process cannot be supervised and must be replaced.
    let process: MasterProcess?
    /// Copies of its listening sockets; empty if the system forbids copying them.
    let sockets: [ListenAddress: ListeningSocket]
    /// The reason why it cannot be adopted; nil if it can.
    let problem: String?

    /// Finds the process of the pid file. Nil if it is not an nginx master on this state folder: the process id may
    /// have been reused.
    init?(state: StateDirectory, binary: NginxBinary, messages: MessagePipe?) {
        guard let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8),
            let pid = pid_t(text.trimmed), pid > 1
        else { return nil }
        let pidfd = PIDFD(pid)
        // The title of nginx's process contains its command line.
        let title = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        let line = String(decoding: title, as: UTF8.self)
        guard line.hasPrefix("nginx: master process "), line.contains(state.mainFile) else { return nil }
        let problem = Self.problem(pid, binary: binary, messages: messages)
        sockets = pidfd.map { ListeningSocket.held(by: pid, $0) } ?? [:]
        // If it has not ended, everything above was read from this process.
        if pidfd?.hasEnded == true { return nil }
        self.pid = pid
        process = pidfd.map { MasterProcess(pid: pid, pidfd: $0) }
        self.problem = pidfd == nil ? "the system has no pidfds" : problem
    }

    /// Kills the master, but not its workers.
    func kill() {
        if let process { process.signal(SIGKILL) } else { Glibc.kill(pid, SIGKILL) }
    }

    private static func problem(_ pid: pid_t, binary: NginxBinary, messages: MessagePipe?) -> String? {
        // proc(5): the state follows the name in parentheses; T and t are stopped.
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let state = status.split(separator: ")").last?.split(separator: " ").first ?? ""
        if state.lowercased() == "t" { return "stopped by a signal" }
        var (running, installed) = (stat(), stat())
        // The link refers to the file that was started, even if that file has been replaced since.
        guard stat("/proc/\(pid)/exe", &running) == 0, stat(binary.path, &installed) == 0,
            running.st_dev == installed.st_dev, running.st_ino == installed.st_ino
        else { return "not \(binary.path)" }
        // Such as the standard error of a controller before version 0.2.0, where a line could pass for one of ours.
        if messages?.isStandardError(of: pid) == false { return "its messages go elsewhere" }
        return nil
    }
}
