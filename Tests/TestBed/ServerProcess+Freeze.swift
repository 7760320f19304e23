import Foundation

extension ServerProcess {
    /// Freezes the process (SIGSTOP), and returns when all its threads have stopped: the signal takes effect later
    /// than it is sent. `signal(SIGCONT)` continues it.
    public func freeze() async throws {
        signal(SIGSTOP)
        try await eventually("\(name) stands still") {
            guard let pid else { throw BedError("\(name) has ended") }
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
            return try threads.allSatisfy { thread in
                // proc(5): the state follows the name in parentheses.
                let text = try String(contentsOfFile: "/proc/\(pid)/task/\(thread)/stat", encoding: .utf8)
                return text.split(separator: ")").last?.hasPrefix(" T") == true
            }
        }
    }
}
