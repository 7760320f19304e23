internal import Foundation
internal import Glibc
internal import NginxConfig

/// An nginx that an earlier controller left behind when it was killed. It serves, and goes on doing so.
struct LeftoverMaster {
    let process: MasterProcess
    /// Copies of what it listens on; empty where the system forbids that.
    let sockets: [ListenAddress: ListeningSocket]
    /// Why it cannot be gone on with; nil where it can.
    let unusable: String?

    /// The process of the pid file, if it is an nginx master on this state folder: an id may have become another's.
    ///
    /// Nil also where the system has no pidfds: what it is could then change between the look and a signal.
    init?(state: StateDirectory, binary: NginxBinary) {
        guard let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1,
            let pidfd = PIDFD(pid),
            // nginx puts its command line into its title.
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline").map({
                String(decoding: $0, as: UTF8.self)
            }),
            line.hasPrefix("nginx: master process "), line.contains(state.mainFile)
        else { return nil }
        let problem = Self.problem(pid, binary: binary)
        let sockets = ListeningSocket.held(by: pid, pidfd)
        // Not ended by now, so all that was read is about this process.
        guard !pidfd.hasEnded else { return nil }
        process = MasterProcess(pid: pid, pidfd: pidfd)
        self.sockets = sockets
        unusable = problem
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
