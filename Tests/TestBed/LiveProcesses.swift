import Foundation
import Glibc
import Synchronization

/// What is to be ended and removed when the test process ends by itself. (If it is killed, the kernel ends the servers
/// by their parent-death signal, and the folders stay.)
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

    /// Runs in `exit`: nothing else may be waited for. A process is given the signal it would get at our death, and
    /// half a second for children of its own.
    private func endAll() {
        let (processes, folders) = state.withLock { (Array($0.processes.values), $0.folders) }
        for process in processes { process.signal(process.command.deathSignal) }
        for _ in 0..<50 where processes.contains(where: { $0.pid != nil }) { usleep(10_000) }
        for process in processes { process.signal(SIGKILL) }
        if ProcessInfo.processInfo.environment["KEEP_BED"] == nil {
            for folder in folders { try? FileManager.default.removeItem(at: folder) }
        }
    }
}
