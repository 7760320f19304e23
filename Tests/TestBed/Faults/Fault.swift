import Foundation

/// A fault in the environment of a controller. Each one is caused on real parts, under load.
public enum Fault: String, CaseIterable, Sendable {
    case masterKilled = "nginx's master killed"
    case workerKilled = "an nginx worker killed"
    case controllerKilled = "controller killed"
    case controllerKilledNginxStopped = "controller killed, nginx stopped"
    case controllerKilledNginxOther = "controller killed, nginx upgraded"
    case apiServerUnavailable = "API server unavailable"
    case watchExpired = "watch expired"
    case vaultUnavailable = "Vault unavailable"
    case resolverUnavailable = "DNS upstream unavailable"
    case diskFull = "disk full"
    case folderUnwritable = "folder unwritable"
    case clockBack = "clock back an hour"
    case signalStorm = "SIGHUP storm"
    case manyChanges = "200 changes in 10 s"

    /// The reason why the fault cannot be caused on this machine; nil if it can.
    public var obstacle: String? {
        switch self {
        case .diskFull: SmallDisk.obstacle
        case .controllerKilledNginxOther: (try? Tools.nginxCurrent) == nil ? "a second nginx is not installed" : nil
        default: nil
        }
    }

    /// - Parameters:
    ///   - connections: the number of connections that are kept alive.
    ///   - length: the duration of an outage.
    ///   - bed: the cluster for faults of the API server.
    public func measure(connections: Int, length: Duration, bed: Shared<Bed>) async throws -> FaultReport {
        switch self {
        case .masterKilled, .workerKilled, .controllerKilled, .controllerKilledNginxStopped,
            .controllerKilledNginxOther, .signalStorm, .manyChanges:
            return try await onManifests { stage in
                try await stage.measure(rawValue, connections: connections) { try await killOrSignal($0) }
            }
        case .apiServerUnavailable, .watchExpired:
            return try await onCluster(bed, connections: connections, length: length)
        case .vaultUnavailable: return try await withVault(connections: connections, length: length)
        case .resolverUnavailable: return try await withSidecar(connections: connections, length: length)
        case .diskFull, .folderUnwritable: return try await withState(connections: connections, length: length)
        case .clockBack: return try await withClock(connections: connections)
        }
    }

    static let hosts = (0..<5).map { "host-\($0).example.com" }

    /// Runs `body` with a stage on manifests, and stops its parts.
    private func onManifests(_ body: (FaultStage) async throws -> FaultReport) async throws -> FaultReport {
        try await Self.withParts { parts in
            try await body(
                FaultStage.start(
                    folder: parts.folder, source: parts.manifests(), resolver: parts.dns.address, hosts: Self.hosts))
        }
    }

    static func withParts(_ body: (FaultStage.Parts) async throws -> FaultReport) async throws -> FaultReport {
        let parts = try await FaultStage.Parts.start()
        do {
            let report = try await body(parts)
            await parts.stop()
            return report
        } catch {
            await parts.stop()
            throw error
        }
    }
}
