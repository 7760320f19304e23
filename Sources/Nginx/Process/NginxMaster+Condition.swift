internal import Glibc

extension NginxMaster {
    enum Phase {
        /// No generation is live.
        case idle
        /// The process has no signal handlers yet: a signal would kill it. A reload is deferred until it is running.
        case starting(MasterProcess, isReloadDue: Bool)
        case running(MasterProcess)
        /// Waiting for the next start, after the master has exited or could not be started.
        case backingOff
        case stopping
    }

    struct Condition {
        var phase = Phase.idle
        /// The number of unexpected exits.
        var exits = 0
        /// `replace` has killed the running master.
        var isReplaced = false
        var orphans = OrphanedWorkers()
        var sockets: [ListenAddress: ListeningSocket] = [:]

        var process: MasterProcess? {
            switch phase {
            case .starting(let process, _), .running(let process): process
            case .idle, .backingOff, .stopping: nil
            }
        }
    }
}
