import Foundation

/// What may go wrong around a controller. Each is caused on real parts, under load.
public enum Fault: String, CaseIterable, Sendable {
    case masterKilled = "nginx's master killed"
    case workerKilled = "an nginx worker killed"
    case controllerKilled = "controller killed"
    case controllerKilledNginxStopped = "controller killed, nginx stopped"
    case controllerKilledNginxOther = "controller killed, nginx upgraded"
    case apiServerAway = "API server away"
    case watchExpired = "watch expired"
    case vaultAway = "Vault away"
    case resolverAway = "DNS upstream away"
    case diskFull = "disk full"
    case folderUnwritable = "folder unwritable"
    case clockBack = "clock back an hour"
    case signalStorm = "SIGHUP storm"
    case manyChanges = "200 changes in 10 s"

    /// Why it cannot be caused here; nil where it can.
    public var obstacle: String? {
        switch self {
        case .diskFull: SmallDisk.obstacle
        case .controllerKilledNginxOther: (try? Tools.nginxCurrent) == nil ? "there is no second nginx" : nil
        default: nil
        }
    }

    /// - Parameters:
    ///   - connections: that are kept.
    ///   - length: how long what is away stays away.
    ///   - bed: for the faults of an API server.
    public func measure(connections: Int, length: Duration, bed: Shared<Bed>) async throws -> FaultReport {
        switch self {
        case .masterKilled, .workerKilled, .controllerKilled, .controllerKilledNginxStopped,
            .controllerKilledNginxOther, .signalStorm, .manyChanges:
            return try await onManifests { stage in
                try await stage.measure(rawValue, connections: connections) { try await killOrSignal($0) }
            }
        case .apiServerAway, .watchExpired: return try await onCluster(bed, connections: connections, length: length)
        case .vaultAway: return try await withVault(connections: connections, length: length)
        case .resolverAway: return try await withSidecar(connections: connections, length: length)
        case .diskFull, .folderUnwritable: return try await withState(connections: connections, length: length)
        case .clockBack: return try await withClock(connections: connections)
        }
    }

    static let hosts = (0..<5).map { "host-\($0).example.com" }

    /// Runs `body` with a stage on manifests, then ends what belongs to it.
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
