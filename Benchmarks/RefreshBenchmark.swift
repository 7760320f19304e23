import Foundation
import HTTPClient
import TestBed

/// Measures what the refresh of certificates costs while nothing changes: reads of Vault in each refresh, and the
/// processor time of the controller. With one certificate for each host, and with one wildcard certificate for all.
struct RefreshBenchmark {
    let hosts: Int
    private let interval = Duration.seconds(60)
    private let measured = Duration.seconds(120)

    func run() async throws {
        try await measure("one certificate for each host", isShared: false)
        try await measure("one wildcard certificate", isShared: true)
    }

    private func measure(_ name: String, isShared: Bool) async throws {
        let folder = try TemporaryFolder.make("refresh")
        let dns = try await ClusterDNS.start(folder: folder)
        let backend = try await Backend.start(folder: folder)
        try dns.set(service: "web", namespace: "shop", address: "127.97.0.1")
        let server = try await BaoServer.start(
            configuration: """
                telemetry {
                  prometheus_retention_time = "24h"
                  disable_hostname = true
                }

                """)
        try await CertificateStore.prepare(server)
        try await CertificateStore.add(isShared ? ["*"] : (0..<hosts).map { "host-\($0)" }, to: server)
        let manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        let ingresses = (0..<hosts).map { number -> JSON in
            var ingress = Manifest.ingress("host-\(number)", port: backend.port)
            ingress["metadata"]["labels"] = ["ssl": "true"]
            return ingress
        }
        try Manifest.write(ingresses + [Manifest.service(port: backend.port)], "all", in: manifests)
        let start = ContinuousClock.now
        let controller = try await Controller.start(
            folder: folder, source: .manifests(manifests), resolver: dns.address,
            flags: [
                "--vault-refresh", "60s", "--reload-timeout", "120s", "--vault-startup-wait", "120s",
            ] + Budgets.unlimited,
            environment: ["VAULT_ADDR": server.address, "VAULT_TOKEN": BaoServer.rootToken], isAwaited: false)
        try await eventually("all certificates are ready", within: .seconds(300), every: .seconds(1)) {
            try await states(controller)["ready"] == hosts
        }
        let started = ContinuousClock.now - start
        // The first refresh spreads the reads.
        try await Task.sleep(for: interval * 2)
        let (reads, used) = (try await requests(server), try controller.processorTime())
        try await Task.sleep(for: measured)
        let readsInEach = Double(try await requests(server) - reads) / (measured / interval)
        let percent = (try controller.processorTime() - used) / (measured / .seconds(1)) * 100
        let status = try JSON(parsing: try await controller.admin("/status").body)
        print(
            """
            \(hosts) hosts, \(name): served after \(Int(started / .seconds(1))) s; idle: \
            \(Int(readsInEach.rounded())) reads in each minute, \((percent * 100).rounded() / 100) % of a core; \
            effective interval \(status["secretRefreshSeconds"].double ?? 0) s
            """)
        await controller.stop()
        await server.process.stop()
    }

    private func states(_ controller: Controller) async throws -> [String: Int] {
        let entries = try JSON(parsing: try await controller.admin("/status").body)["certificates"].array
        return Dictionary(grouping: entries) { $0["state"].string ?? "" }.mapValues(\.count)
    }

    /// The requests below `secret/` that the server has answered.
    private func requests(_ server: BaoServer) async throws -> Int {
        let answer = try await server.send("GET", "sys/metrics?format=prometheus")
        return String(decoding: answer.body, as: UTF8.self).split(separator: "\n").reduce(0) { sum, line in
            guard line.contains("route_read_secret"), line.contains("_count") else { return sum }
            return sum + (line.split(separator: " ").last.flatMap { Double($0) }.map(Int.init) ?? 0)
        }
    }
}
