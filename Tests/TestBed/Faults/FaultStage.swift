import Foundation
import Glibc
import HTTPClient

/// A controller with default settings that serves a few hosts, to measure the effect of a fault on their clients.
struct FaultStage: Sendable {
    /// The source of the hosts.
    struct Source: Sendable {
        var source: Controller.Source
        /// Adds a host.
        var add: @Sendable (_ host: String) async throws -> Void
    }

    let folder: URL
    let source: Source
    let resolver: String
    let controller: Controller
    let hosts: [String]
    /// The request of the constant load, to a host that is not changed.
    let request: HTTPRequest

    static let changedHost = "changed.example.com"

    /// - Parameters:
    ///   - folder: the folder of the controller.
    ///   - hosts: the hosts that exist before it starts.
    ///   - trust: makes the load HTTPS; the first host must have a certificate.
    static func start(
        folder: URL, source: Source, resolver: String, hosts: [String], nginx: String? = nil, flags: [String] = [],
        environment: [String: String] = [:], trust: TLSOptions.Trust? = nil
    ) async throws -> FaultStage {
        for host in hosts { try await source.add(host) }
        let controller = try await Controller.start(
            folder: folder, source: source.source, resolver: resolver, nginx: nginx, flags: flags,
            environment: environment)
        for host in hosts { try await controller.serves(host) }
        return FaultStage(
            folder: folder, source: source, resolver: resolver, controller: controller, hosts: hosts,
            request: controller.request(host: hosts[0], trust: trust))
    }

    /// Makes the change that shows the recovery.
    func change() async throws { try await source.add(Self.changedHost) }

    /// Starts a controller that replaces one that has ended.
    func startNext(nginx: String? = nil) async throws -> Controller {
        try await Controller.start(
            folder: folder, source: source.source, resolver: resolver, nginx: nginx, after: controller)
    }

    /// Runs `fault` under load.
    ///
    /// - Parameters:
    ///   - connections: the number of connections that are kept alive. Another task opens one per request.
    ///   - isChangeMade: true if `fault` makes the change.
    ///   - fault: causes the fault, waits for its end, and returns the next controller if this one was replaced.
    func measure(
        _ name: String, connections: Int, isChangeMade: Bool = false,
        _ fault: (FaultStage) async throws -> Controller?
    ) async throws -> FaultReport {
        let before = try await controller.nginxMaster
        let kept = try await Load.during(request, tasks: connections, pause: .milliseconds(20)) {
            try await Load.during(request, tasks: 1, isReusing: false, pause: .milliseconds(5)) {
                // Until all connections are open.
                try await Task.sleep(for: .milliseconds(500))
                let start = ContinuousClock.now
                let last = try await fault(self) ?? controller
                let end = ContinuousClock.now
                if !isChangeMade { try await change() }
                try await eventually(
                    "the changed host is served", within: .seconds(90), every: .milliseconds(5), showing: [last.process]
                ) { try await last.send(last.request(host: Self.changedHost)).status == 200 }
                let recovery = ContinuousClock.now - end
                // Includes the effects of the last step.
                try await Task.sleep(for: .milliseconds(500))
                return (controller: last, length: end - start, recovery: recovery)
            }
        }
        let last = kept.value.value.controller
        var lost: [String] = []
        for host in hosts where try await last.send(last.request(host: host)).status != 200 { lost.append(host) }
        let after = try await last.nginxMaster
        let restarts = try await last.status()["nginx"]["restarts"].int ?? 0
        await last.stop()
        return FaultReport(
            name: name, kept: kept.load, fresh: kept.value.load, length: kept.value.value.length,
            recovery: kept.value.value.recovery, lostHosts: lost, isSameMaster: before == after, restarts: restarts)
    }
}

extension Controller {
    func status() async throws -> JSON { try JSON(parsing: try await admin("/status").body) }

    /// The process id of nginx's master.
    var nginxMaster: Int32 {
        get async throws {
            guard let pid = try await status()["nginx"]["pid"].int else { throw BedError("nginx is not running") }
            return Int32(pid)
        }
    }

    /// A metric without labels.
    func metric(_ name: String) async throws -> Double? {
        String(decoding: try await admin("/metrics").body, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("vault_ingress_\(name) ") }
            .flatMap { Double($0.split(separator: " ").last ?? "") }
    }
}

/// The effects of a fault.
public struct FaultReport: Sendable {
    public let name: String
    /// The requests on connections that are kept alive.
    public let kept: Load
    /// The requests on new connections.
    public let fresh: Load
    /// The duration of the fault.
    public let length: Duration
    /// The time from the end of the fault until a change was served.
    public let recovery: Duration
    public let lostHosts: [String]
    public let isSameMaster: Bool
    /// The number of unexpected exits of nginx's master.
    public let restarts: Int
}
