import Foundation
import Glibc
import Synchronization

/// The processes and folders to clean up when the test process exits. (If it is killed, the kernel stops the servers
/// by their parent-death signal, and the folders remain.)
final class LiveProcesses: Sendable {
    static let shared = LiveProcesses()

    private struct State {
        var processes: [ObjectIdentifier: ServerProcess] = [:]
        var folders: [URL] = []
    }

    private let state = Mutex(State())

    private init() {
        atexit { LiveProcesses.shared.endAll() }
    }

    func insert(_ process: ServerProcess) {
        guard process.pid != nil else { return }
        state.withLock { $0.processes[ObjectIdentifier(process)] = process }
    }

    func remove(_ process: ServerProcess) {
        state.withLock { _ = $0.processes.removeValue(forKey: ObjectIdentifier(process)) }
    }

    func insert(folder: URL) {
        state.withLock { $0.folders.append(folder) }
    }

    /// Runs in `exit`. Each process gets its parent-death signal, and
    /// half a second to stop its children.
    private func endAll() {
        let (processes, folders) = state.withLock { (Array($0.processes.values), $0.folders) }
        for process in processes { process.signal(process.command.deathSignal.number) }
        for _ in 0..<50 where processes.contains(where: { $0.pid != nil }) { usleep(10_000) }
        for process in processes { process.signal(SIGKILL) }
        for folder in folders {
            Self.endOrphans(of: folder)
            if ProcessInfo.processInfo.environment["KEEP_BED"] == nil {
                try? FileManager.default.removeItem(at: folder)
            }
        }
    }

    /// An nginx whose controller was killed continues to run. Its command line names its configuration, in a folder
    /// of this process.
    private static func endOrphans(of folder: URL) {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for pid in entries.compactMap({ pid_t($0) }) where pid != getpid() {
            guard let line = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline")) else { continue }
            if String(decoding: line, as: UTF8.self).contains(folder.path) { kill(pid, SIGTERM) }
        }
    }
}
