internal import Foundation
internal import Glibc
internal import Logging

/// The workers of earlier generations, which finish their requests after a reload. Each generation of them keeps its own
/// copy of the configuration, so a long request and constant changes would use up the memory of the pod.
struct OldWorkers {
    struct Worker: Equatable {
        var pid: pid_t
        /// In clock ticks since the start of the machine.
        var started: Int
        /// In bytes; what processes share is divided between them.
        var memory: Int
    }

    /// The memory that all of them may keep, in bytes. It is part of what the default budgets leave of the memory limit.
    static let maximumMemory = 128 << 20

    /// Oldest first.
    let workers: [Worker]

    /// - Parameter master: the process id of nginx's master.
    init(of master: pid_t) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        workers = names.compactMap { pid_t($0) }.compactMap { Self.read($0, parent: master) }
            .sorted { ($0.started, $0.pid) < ($1.started, $1.pid) }
    }

    init(_ workers: [Worker]) {
        self.workers = workers
    }

    /// The oldest workers, without which the others keep at most `limit`. The newest one stays, so that the last reload
    /// never interrupts a request.
    func excess(limit: Int = Self.maximumMemory) -> [Worker] {
        var sum = workers.reduce(0) { $0 + $1.memory }
        return Array(
            workers.dropLast().prefix { worker in
                guard sum > limit else { return false }
                sum -= worker.memory
                return true
            })
    }

    /// Nil if the process is not a worker of the master that is shutting down: it changes its title (ngx_setproctitle).
    private static func read(_ pid: pid_t, parent: pid_t) -> Worker? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // proc(5): the fields after the name begin with the third one, the state.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, pid_t(fields[1]) == parent, let started = Int(fields[19]),
            let title = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
            title.hasPrefix("nginx: worker process is shutting down"),
            let memory = try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8),
            let line = memory.split(separator: "\n").first(where: { $0.hasPrefix("Pss:") }),
            let kilobytes = Int(line.filter(\.isNumber))
        else { return nil }
        return Worker(pid: pid, started: started, memory: kilobytes << 10)
    }
}

extension NginxMaster {
    /// Ends the oldest workers of earlier generations if all of them keep too much memory. Their requests are interrupted.
    func endOldWorkers() {
        guard let pid = processIdentifier else { return }
        let excess = OldWorkers(of: pid).excess()
        guard !excess.isEmpty else { return }
        for worker in excess { kill(worker.pid, SIGTERM) }
        logger.warning("old nginx workers ended to free memory", metadata: ["count": "\(excess.count)"])
    }
}
