internal import Routing

/// The servers of a table: hosts that share one, by what they have in common, and hosts with one of their own.
struct SharedServers {
    /// Hosts with a server of their own, in the order of the table.
    private(set) var own: [VirtualHost] = []
    /// Each list has the hosts of one server, in the order of the table, and is not empty.
    private(set) var shared: [[VirtualHost]] = []

    init(_ table: RoutingTable, _ tls: [Host: HostTLS], _ settings: NginxSettings) {
        var numbers: [SharedServerKey: Int] = [:]
        for host in table.hosts {
            let hostTLS = tls[host.host] ?? .absent
            guard settings.servers == .shared,
                OwnServerReason.first(for: host, hostTLS, settings.certificateLoading) == nil
            else {
                own.append(host)
                continue
            }
            let key = SharedServerKey(host, hostTLS, settings)
            if let number = numbers[key] {
                shared[number].append(host)
            } else {
                numbers[key] = shared.count
                shared.append([host])
            }
        }
    }
}

/// What hosts have in common that share a server: whatever a map cannot carry.
private struct SharedServerKey: Hashable {
    enum TLS: Hashable {
        case absent, served, rejected
    }

    let tls: TLS
    let strictTransport: Int?
    let hasPaths: Bool
    let settings: HostSettings

    init(_ host: VirtualHost, _ tls: HostTLS, _ settings: NginxSettings) {
        self.tls =
            switch tls {
            case .absent: .absent
            case .served: .served
            case .rejected: .rejected
            }
        strictTransport = settings.strictTransport(of: host)
        hasPaths = host.hasPaths
        // Without what is in a map, in another field, or only tested for its presence.
        var common = host.settings
        common.tls = nil
        common.vaultPath = nil
        common.hsts = nil
        common.loadBalancing = nil
        common.closedBy = common.closedBy == nil ? nil : ""
        self.settings = common
    }
}

extension VirtualHost {
    /// True if the backend depends on the path.
    var hasPaths: Bool { routes.contains { $0.match != .prefix(.root) } }
}
