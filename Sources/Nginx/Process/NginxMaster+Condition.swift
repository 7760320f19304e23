internal import Glibc

extension NginxMaster {
    enum Phase {
        /// No generation is live yet.
        case idle
        /// A signal would kill it: it has no handlers yet. A reload that is asked for meanwhile is due afterwards.
        case starting(MasterProcess, isReloadDue: Bool)
        case running(MasterProcess)
        /// Died, or could not be started; the next start is due.
        case backingOff
        case stopping
    }

    struct Condition {
        var phase = Phase.idle
        /// How often it ended without being asked to.
        var exits = 0
        /// Whether the running one was told to make room for another.
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
