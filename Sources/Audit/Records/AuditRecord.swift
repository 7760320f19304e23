/// The content of a line of the audit log (docs/audit.md).
public enum AuditRecord: Sendable, Equatable {
    /// The controller started.
    case start(Start)
    /// The controller stopped.
    case stop(Stop)
    /// nginx's master process started or ended.
    case nginx(Nginx)
    /// An attempt to apply a configuration.
    case reload(Reload)
    /// Owners, claimants and certificates of hosts.
    case hosts(Hosts)
    /// The quarantined Ingresses changed without a reload.
    case quarantine(Quarantine)
    /// The state of a certificate changed without a reload.
    case certificate(Certificate)
    /// An htpasswd file, or its state, changed without a reload.
    case users(Users)

    /// The maximum length of lists in a line. At about 150 bytes per element, the line stays below the 16 KiB at which
    /// container runtimes split lines of standard output.
    static let maximumListLength = 100

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
