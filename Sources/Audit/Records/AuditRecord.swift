/// What one line of the audit log tells (design §7, docs/audit.md).
public enum AuditRecord: Sendable, Equatable {
    /// The controller began.
    case start(Start)
    /// The controller ended.
    case stop(Stop)
    /// nginx's master process began or ended.
    case nginx(Nginx)
    /// An attempt to change what nginx serves.
    case reload(Reload)
    /// Whose hosts are, beyond what the line of a reload says.
    case hosts(Hosts)
    /// Others are in quarantine than before, and nginx need not be told.
    case quarantine(Quarantine)
    /// A certificate changed its state, and nginx need not be told.
    case certificate(Certificate)
    /// A list of users changed, or its state, and nginx need not be told.
    case users(Users)

    /// Lists in one line are cut to this many elements. At about 150 bytes an element, the line stays below the 16 KiB
    /// at which container runtimes break the lines of standard output.
    public static let longestList = 100

    /// The value of the key `event`.
    public enum Event: String, Codable, Sendable, CaseIterable {
        case start, stop, nginx, reload, hosts, quarantine, certificate, users
    }

    public var event: Event {
        switch self {
        case .start: .start
        case .stop: .stop
        case .nginx: .nginx
        case .reload: .reload
        case .hosts: .hosts
        case .quarantine: .quarantine
        case .certificate: .certificate
        case .users: .users
        }
    }
}
