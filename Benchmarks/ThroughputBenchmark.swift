import Foundation
import HTTPClient
import TestBed

/// Measures requests and handshakes per second, relative to a hand-written nginx of the same version: http and https, small and
/// large responses, one and two workers. Both alternate, so that the noise of the machine affects both.
struct ThroughputBenchmark {
    /// The number of hosts that the controller serves, each with a certificate.
    let hosts: Int
    private let rounds = 3
    private let seconds = 2
    private let connections = 32

    private struct Row: Codable {
        let nginx: String
        let workers: Int
        let measurement: String
        let handWritten: Int
        let controller: Int
        let ratio: Double
    }

    /// What `wrk` requests.
    private struct Traffic {
        let name: String
        let isTLS: Bool
        let path: String
        /// False for a handshake with each request.
        let keepsConnections: Bool
    }

    private static let traffic = [
        Traffic(name: "http, empty", isTLS: false, path: "/empty", keepsConnections: true),
        Traffic(name: "http, 100 kB", isTLS: false, path: "/large", keepsConnections: true),
        Traffic(name: "https, empty", isTLS: true, path: "/empty", keepsConnections: true),
        Traffic(name: "https, 100 kB", isTLS: true, path: "/large", keepsConnections: true),
        Traffic(name: "full handshakes", isTLS: true, path: "/empty", keepsConnections: false),
    ]

    func run() async throws {
        let folder = try TemporaryFolder.make("throughput")
        let dns = try await ClusterDNS.start(folder: folder)
        let backend = try await FastBackend.start(folder: folder)
        let pods = ["127.4.0.1", "127.4.0.2"]
        try dns.set(service: "web", namespace: "shop", address: pods[0])
        let vault = try await BaoServer.start()
        try await CertificateStore.prepare(vault)
        try await CertificateStore.add((0..<hosts).map { "host-\($0)" }, to: vault)
        let secret = try await vault.call("GET", "secret/data/ssl/host-0.example.com")["data"]["data"]
        let (certificate, key) = (folder.appending(path: "host-0.crt"), folder.appending(path: "host-0.key"))
        try (secret["crt"].string ?? "").write(to: certificate, atomically: true, encoding: .utf8)
        try (secret["key"].string ?? "").write(to: key, atomically: true, encoding: .utf8)
        let manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        let ingresses = (0..<hosts).map { number in
            var ingress = Manifest.ingress("host-\(number)", port: backend.port)
            ingress["metadata"]["labels"] = ["ssl": "true"]
            return ingress
        }
        try Manifest.write(
            [Manifest.service(port: backend.port), Manifest.slice(pods: pods, port: backend.port)] + ingresses, "web",
            in: manifests)
        Report.line("nginx\tworkers\ttraffic\thand-written/s\tcontroller/s\tratio (\(hosts) hosts)")
        for nginx in [try Tools.nginx, try Tools.nginxCurrent] {
            for workers in [1, 2] {
                let reference = try await HandWritten.start(
                    nginx, workers: workers, pods: pods.map { "\($0):\(backend.port)" }, certificate: certificate,
                    key: key, folder: folder)
                let controller = try await Controller.start(
                    folder: folder, source: .manifests(manifests), resolver: dns.address, nginx: nginx,
                    flags: [
                        "--template-dir", try templates(workers: workers, folder).path, "--vault-startup-wait", "120s",
                    ] + Budgets.unlimited,
                    environment: ["VAULT_ADDR": vault.address, "VAULT_TOKEN": BaoServer.rootToken], isAwaited: false)
                try await eventually("the hosts are served", within: .seconds(300), showing: [controller.process]) {
                    let request = controller.request(host: "host-0.example.com", path: "/empty", trust: .anything)
                    return (try? await controller.send(request).status) == 204
                }
                for traffic in Self.traffic {
                    let row = try await measure(
                        traffic, nginx == (try Tools.nginx) ? "1.22" : "current", workers, reference, controller, folder
                    )
                    Report.line(
                        "\(row.nginx)\t\(row.workers)\t\(row.measurement)\t\(row.handWritten)\t\(row.controller)\t\(row.ratio)"
                    )
                    Report.line(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))
                }
                await controller.stop()
                await reference.process.stop()
            }
        }
        await vault.process.stop()
    }

    /// The shipped templates with another number of workers.
    private func templates(workers: Int, _ folder: URL) throws -> URL {
        let copy = folder.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: copy)
        let main = copy.appending(path: "nginx.conf.mustache")
        try String(contentsOf: main, encoding: .utf8)
            .replacing("worker_processes auto;", with: "worker_processes \(workers);")
            .write(to: main, atomically: true, encoding: .utf8)
        return copy
    }

    private func measure(
        _ traffic: Traffic, _ nginx: String, _ workers: Int, _ reference: HandWritten, _ controller: Controller,
        _ folder: URL
    ) async throws -> Row {
        var found: (reference: [Double], controller: [Double]) = ([], [])
        for _ in 0..<rounds {
            found.reference.append(
                try await load(traffic, port: traffic.isTLS ? reference.httpsPort : reference.httpPort, folder))
            found.controller.append(
                try await load(traffic, port: traffic.isTLS ? controller.httpsPort : controller.httpPort, folder))
        }
        let (first, second) = (found.reference.sorted()[rounds / 2], found.controller.sorted()[rounds / 2])
        return Row(
            nginx: nginx, workers: workers, measurement: traffic.name, handWritten: Int(first), controller: Int(second),
            ratio: (second / first * 100).rounded() / 100)
    }

    /// - Returns: requests per second.
    private func load(_ traffic: Traffic, port: Int, _ folder: URL) async throws -> Double {
        // The name in the URL is the SNI.
        let script = folder.appending(path: "resolve.lua")
        try "function wrk.resolve(host, service) wrk.addrs = wrk.lookup('127.0.0.1', service) end"
            .write(to: script, atomically: true, encoding: .utf8)
        let scheme = traffic.isTLS ? "https" : "http"
        let output = try await ServerProcess.run(
            .init(
                try Tools.wrk,
                ["-t1", "-c\(connections)", "-d\(seconds)", "-s", script.path, "-H", "Host: host-0.example.com"]
                    + (traffic.keepsConnections ? [] : ["-H", "Connection: close"])
                    + ["\(scheme)://host-0.example.com:\(port)\(traffic.path)"]),
            folder: folder)
        guard let rate = output.firstMatch(of: /Requests\/sec: +([0-9.]+)/).flatMap({ Double($0.1) }),
            !output.contains("Non-2xx")
        else { throw BedError("wrk: \(output)") }
        return rate
    }
}
