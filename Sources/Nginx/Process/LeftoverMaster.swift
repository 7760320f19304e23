internal import Foundation
internal import Glibc
internal import Logging
internal import NginxConfig

/// An nginx that an earlier controller left behind when it was killed: it holds the ports, so it has to go before a new
/// one starts. Its requests in flight finish.
struct LeftoverMaster {
    let state: StateDirectory
    let logger: Logger

    /// Returns when it has let go of its sockets, or after 5 s.
    func end() async {
        guard let pid = find() else { return }
        logger.warning("ending the nginx that an earlier run left behind", metadata: ["pid": "\(pid)"])
        kill(pid, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(5)
        // nginx removes its socket file as it closes its sockets; were the new one started before, it would lose its own.
        while access(state.socket.text, F_OK) == 0, kill(pid, 0) == 0, ContinuousClock.now < deadline {
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }

    /// The process of the pid file, if it is an nginx of this state folder: a pid may have become another's.
    private func find() -> pid_t? {
        guard let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1,
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
        else { return nil }
        return String(decoding: line, as: UTF8.self).contains(state.mainFile) ? pid : nil
    }
}
