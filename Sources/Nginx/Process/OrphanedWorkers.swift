internal import Glibc

/// Workers whose master is gone. They serve on and have its ports, until they are told to leave.
struct OrphanedWorkers {
    /// The process groups of the masters.
    private var groups: [pid_t] = []

    var isEmpty: Bool { groups.isEmpty }

    var areAlive: Bool {
        groups.contains { group in
            // In a container they become ours when their master dies, and nobody else asks for their end.
            while waitpid(-group, nil, WNOHANG) > 0 {}
            return kill(-group, 0) == 0
        }
    }

    mutating func add(group: pid_t) { groups.append(group) }

    /// Lets them finish their requests and leave.
    func quit() {
        for group in groups { kill(-group, SIGQUIT) }
    }
}
