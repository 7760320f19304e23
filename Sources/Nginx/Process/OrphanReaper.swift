internal import CLinux
internal import Foundation
internal import Glibc
public import ServiceLifecycle

/// Reaps the orphans that become children of this process, as PID 1 of a container or as a child subreaper (prctl(2)):
/// workers of an nginx master that was killed, and processes that a credential plugin leaves behind. Without it, they
/// stay zombies.
///
/// Code that starts a process reaps it within milliseconds. Only a child that is still a zombie at the next sweep has no
/// such code, so this type never takes an exit status from it.
public actor OrphanReaper: ServiceLifecycle.Service {
    static let interval = Duration.seconds(5)

    private let executor = QueueExecutor(label: "orphans")
    private var zombies = UnreapedChildren()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init() {}

    public func run() async throws {
        // Other processes get no orphans.
        guard getpid() == 1 || clinux_is_child_subreaper() != 0 else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil { await self.sweep() }
        }
    }

    func sweep() {
        for pid in zombies.unclaimed(UnreapedChildren.found(of: getpid())) { waitpid(pid, nil, WNOHANG) }
    }
}

/// The zombies among the children of a process, as of the last sweep.
struct UnreapedChildren {
    struct Child: Hashable {
        var pid: pid_t
        /// Distinguishes processes with the same id.
        var started: String
    }

    private var last: Set<Child> = []

    /// - Returns: the children that were zombies at the last sweep already; sorted.
    mutating func unclaimed(_ zombies: Set<Child>) -> [pid_t] {
        defer { last = zombies }
        return zombies.intersection(last).map(\.pid).sorted()
    }

    /// The zombies among the children of a process now.
    static func found(of parent: pid_t) -> Set<Child> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Set(
            names.compactMap { pid_t($0) }.compactMap { pid in
                guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
                return zombie(pid, text, parent: parent)
            })
    }

    /// Reads a line of proc_pid_stat(5). The fields follow the name in parentheses: state, parent, and at index 19 the
    /// start time.
    static func zombie(_ pid: pid_t, _ text: String, parent: pid_t) -> Child? {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] == "Z", pid_t(fields[1]) == parent else { return nil }
        return Child(pid: pid, started: String(fields[19]))
    }
}
