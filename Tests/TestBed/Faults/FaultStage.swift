import Foundation
import Glibc
import HTTPClient

/// A controller with its defaults that serves a few hosts, and what is needed to see what a fault costs their users.
struct FaultStage: Sendable {
    /// Who tells the controller of hosts.
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
    /// Of the constant load: a host that stays.
    let request: HTTPRequest

    static let changedHost = "changed.example.com"

    /// - Parameters:
    ///   - folder: the controller's own.
    ///   - hosts: added before it starts.
    ///   - trust: makes the load one over https; the first host then has to have a certificate.
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

    /// The change by which recovery is seen.
    func change() async throws { try await source.add(Self.changedHost) }

    /// Another controller in the place of one that has ended.
    func startNext(nginx: String? = nil) async throws -> Controller {
        try await Controller.start(
            folder: folder, source: source.source, resolver: resolver, nginx: nginx, after: controller)
    }

    /// Runs `fault` under load.
    ///
    /// - Parameters:
    ///   - connections: that are kept; besides, one task makes a new one for each request.
    ///   - isChangeMade: whether `fault` makes the change itself, while it lasts.
    ///   - fault: returns at its end, with the controller that is there then if it is another one.
    func measure(
        _ name: String, connections: Int, isChangeMade: Bool = false,
        _ fault: (FaultStage) async throws -> Controller?
    ) async throws -> FaultReport {
        let before = try await controller.nginxMaster
        let kept = try await Load.during(request, tasks: connections, pause: .milliseconds(20)) {
            try await Load.during(request, tasks: 1, isReusing: false, pause: .milliseconds(5)) {
                // So that all connections are there.
                try await Task.sleep(for: .milliseconds(500))
                let start = ContinuousClock.now
                let last = try await fault(self) ?? controller
                let end = ContinuousClock.now
                if !isChangeMade { try await change() }
                try await eventually(
                    "what changed is served", within: .seconds(90), every: .milliseconds(5), showing: [last.process]
                ) { try await last.send(last.request(host: Self.changedHost)).status == 200 }
                let recovery = ContinuousClock.now - end
                // What the last step costs belongs to it.
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

/// What a fault cost.
public struct FaultReport: Sendable {
    public let name: String
    /// Over connections that were kept.
    public let kept: Load
    /// Over a new connection for each request.
    public let fresh: Load
    /// How long the fault lasted.
    public let length: Duration
    /// From its end until a change was served.
    public let recovery: Duration
    public let lostHosts: [String]
    public let isSameMaster: Bool
    /// How often nginx's master ended without being asked to.
    public let restarts: Int
}
