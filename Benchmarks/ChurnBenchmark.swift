import Foundation
import HTTPClient
import Synchronization
import TestBed

/// Measures what clients notice when pods are replaced: failed requests under a constant load, the time until a new pod answers and
/// until a removed one does not, and the reloads that this causes. Both nginx versions; the newer one follows pods by name.
struct ChurnBenchmark {
    /// The number of pods that are replaced.
    let replacements: Int
    private let pods = 10
    private let pause = Duration.milliseconds(600)

    private struct Row: Codable {
        let nginx: String
        let replacements: Int
        let requests: Int
        let failed: Int
        let reloads: Int
        let addedMilliseconds: Double
        let addedP90Milliseconds: Double
        let removedMilliseconds: Double
        let removedP90Milliseconds: Double
    }

    func run() async throws {
        let folder = try TemporaryFolder.make("churn")
        let dns = try await ClusterDNS.start(folder: folder)
        let backend = try await Backend.start(folder: folder)
        try dns.set(service: "web", namespace: "shop", address: "127.5.0.1")
        let hosts = folder.appending(path: "hosts")
        try FileManager.default.createDirectory(at: hosts, withIntermediateDirectories: true)
        let sidecar = try await Sidecar.start(of: [dns], folder: folder, hostsFolder: hosts)
        Report.line("nginx\tpods replaced\trequests\tfailed\treloads\tadded ms (median, p90)\tremoved ms (median, p90)")
        for nginx in [try Tools.nginx, try Tools.nginxCurrent] {
            let row = try await measure(nginx, folder, sidecar, hosts, port: backend.port)
            Report.line(
                "\(row.nginx)\t\(row.replacements)\t\(row.requests)\t\(row.failed)\t\(row.reloads)\t\(row.addedMilliseconds), "
                    + "\(row.addedP90Milliseconds)\t\(row.removedMilliseconds), \(row.removedP90Milliseconds)")
            Report.line(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))
        }
        await sidecar.process.stop()
    }

    private func measure(
        _ nginx: String, _ folder: URL, _ sidecar: Sidecar, _ hosts: URL, port: Int
    ) async throws -> Row {
        let manifests = folder.appending(path: "manifests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        var current = (1...pods).map { "127.5.1.\($0)" }
        try Manifest.write([Manifest.service(port: port), Manifest.ingress("web", port: port)], "web", in: manifests)
        try Manifest.write([Manifest.slice(pods: current, port: port)], "slice", in: manifests)
        let controller = try await Controller.start(
            folder: folder, source: .manifests(manifests), resolver: sidecar.address, nginx: nginx,
            flags: ["--hosts-dir", hosts.path])
        try await controller.serves("web.example.com")
        let before = try controller.audit().count
        let request = controller.request(host: "web.example.com")
        // When each pod answered last, and first.
        let seen = Mutex<[String: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)]>([:])
        var changes: [(added: String, removed: String, at: ContinuousClock.Instant)] = []
        let accepts: @Sendable (HTTPResponse) -> Bool = { response in
            guard response.status == 200,
                let pod = try? JSONDecoder().decode(Backend.Answer.self, from: Data(response.body)).serverAddress
            else { return false }
            seen.withLock { $0[pod] = ($0[pod]?.first ?? .now, .now) }
            return true
        }
        let load = try await Load.during(request, tasks: 4, pause: .milliseconds(4), accepts: accepts) {
            try await Task.sleep(for: .seconds(2))
            for number in 0..<replacements {
                let (old, new) = (current.removeFirst(), "127.5.\(2 + number / 250).\(number % 250 + 1)")
                current.append(new)
                changes.append((new, old, .now))
                try Manifest.write([Manifest.slice(pods: current, port: port)], "slice", in: manifests)
                try await Task.sleep(for: pause)
            }
            try await Task.sleep(for: .seconds(3))
        }.load
        let reloads = try controller.audit().count - before
        await controller.stop()
        let times = seen.withLock { $0 }
        let added = Percentiles(changes.map { (times[$0.added]?.first ?? .now) - $0.at })
        let removed = Percentiles(changes.map { max(.zero, (times[$0.removed]?.last ?? $0.at) - $0.at) })
        return Row(
            nginx: nginx == (try Tools.nginx) ? "1.22" : "current", replacements: replacements, requests: load.requests,
            failed: load.failed, reloads: reloads, addedMilliseconds: added.milliseconds(50),
            addedP90Milliseconds: added.milliseconds(90), removedMilliseconds: removed.milliseconds(50),
            removedP90Milliseconds: removed.milliseconds(90))
    }
}
