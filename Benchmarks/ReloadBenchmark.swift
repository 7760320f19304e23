import Foundation
import HTTPClient
import TestBed

/// Measures reloads under a constant load of keepalive connections, with the oldest supported nginx and the newest.
struct ReloadBenchmark {
    let reloads: Int
    let connections = 64

    func run() async throws {
        let folder = try TemporaryFolder.make("reload")
        let dns = try await ClusterDNS.start(folder: folder)
        let backend = try await Backend.start(folder: folder)
        try dns.set(service: "web", namespace: "shop", address: "127.97.0.1")
        print("\(reloads) reloads under \(connections) keepalive connections")
        for nginx in [try Tools.nginx, try Tools.nginxCurrent] {
            let version = try await ServerProcess.run(.init(nginx, ["-v"]), folder: folder)
            print(version.trimmingCharacters(in: .whitespacesAndNewlines))
            try await run(nginx, folder: folder, resolver: dns.address, port: backend.port)
        }
    }

    private func run(_ nginx: String, folder: URL, resolver: String, port: Int) async throws {
        let manifests = folder.appending(path: "manifests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        try Manifest.write([Manifest.service(port: port), Manifest.ingress("web", port: port)], "web", in: manifests)
        let controller = try await Controller.start(
            folder: folder, source: .manifests(manifests), resolver: resolver, nginx: nginx,
            flags: ["--reload-interval", "50ms"])
        try await controller.serves("web.example.com")
        let before = try controller.audit().count
        let load = try await Load.during(
            controller.request(host: "web.example.com"), tasks: connections, pause: .milliseconds(10)
        ) {
            for number in 1...reloads {
                try Manifest.write([Manifest.ingress("more-\(number)", port: port)], "more", in: manifests)
                try await eventually(
                    "reload \(number)", within: .seconds(30), every: .milliseconds(10), showing: [controller.process]
                ) { try controller.audit().count >= before + number }
            }
        }.load
        let lines = try controller.audit().dropFirst(before)
        let applied = lines.count { $0["result"].string == "applied" }
        let times = lines.compactMap { $0["milliseconds"]["reload"].double.map { Duration.milliseconds($0) } }
        await controller.stop()
        print("  reloads applied: \(applied) of \(lines.count)")
        print("  requests: \(load.requests), failed: \(load.failed)\(load.failures.isEmpty ? "" : " \(load.failures)")")
        print("  slowest request: \(Percentiles([load.slowest]).milliseconds(100)) ms")
        print("  from the signal to the new generation's answer, milliseconds:")
        print(Percentiles(times).table)
    }
}
