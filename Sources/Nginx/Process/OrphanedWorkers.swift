internal import Glibc

/// The workers of masters that have exited. They serve traffic and keep the ports open until they receive SIGQUIT.
struct OrphanedWorkers {
    /// The process groups of the masters.
    private var groups: [pid_t] = []

    var isEmpty: Bool { groups.isEmpty }

    var areAlive: Bool {
        groups.contains { group in
            // In a container, the controller becomes the parent of orphaned workers and has to reap them.
            while waitpid(-group, nil, WNOHANG) > 0 {}
            return kill(-group, 0) == 0
        }
    }

    mutating func add(group: pid_t) { groups.append(group) }

    /// Makes the workers finish their requests and exit.
    func quit() {
        for group in groups { kill(-group, SIGQUIT) }
    }
}
