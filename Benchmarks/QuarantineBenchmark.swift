import Foundation
import HTTPClient
import TestBed

/// Measures how much an Ingress that nginx rejects delays another Ingress that is applied at the same time, among many
/// hosts.
///
/// Validation accepts nothing that nginx is known to reject, so a line that uses every path as a regular expression is
/// added to the shipped templates.
struct QuarantineBenchmark {
    let hosts: Int
    let rounds = 10

    func run() async throws {
        let folder = try TemporaryFolder.make("quarantine")
        let dns = try await ClusterDNS.start(folder: folder)
        let backend = try await Backend.start(folder: folder)
        try dns.set(service: "web", namespace: "shop", address: "127.97.0.1")
        let manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        try Manifest.write(
            (0..<hosts).map { Manifest.ingress("host-\($0)", port: backend.port) }
                + [Manifest.service(port: backend.port)], "all", in: manifests)
        let controller = try await Controller.start(
            folder: folder, source: .manifests(manifests), resolver: dns.address,
            flags: [
                "--reload-interval", "100ms", "--servers", "separate", "--template-dir", try regexTemplates(folder),
            ] + Budgets.unlimited)

        var without: [Duration] = []
        var with: [Duration] = []
        for round in 0..<rounds {
            without.append(
                try await change(
                    [Manifest.ingress("new-\(round)", port: backend.port)], round, "good", manifests, controller))
            with.append(
                try await change(
                    [
                        Manifest.ingress("good-\(round)", port: backend.port),
                        Manifest.ingress("bad-\(round)", path: "/%28", port: backend.port),
                    ], round, "bad", manifests, controller))
        }
        await controller.stop()
        print(
            "\(hosts) hosts, \(rounds) rounds, milliseconds from the change to the first response of the good Ingress:")
        print("without a quarantine")
        print(Percentiles(without).table)
        print("with a quarantine")
        print(Percentiles(with).table)
        let ratio = with.reduce(.zero, +) / without.reduce(.zero, +)
        print("ratio of the means: \((ratio * 100).rounded() / 100)")
    }

    /// - Returns: the time until the first of the Ingresses is served.
    private func change(
        _ ingresses: [JSON], _ round: Int, _ name: String, _ manifests: URL, _ controller: Controller
    ) async throws -> Duration {
        // Longer than --reload-interval, so that the change is applied immediately.
        try await Task.sleep(for: .seconds(1))
        let host = "\(ingresses[0]["metadata"]["name"].string ?? "").example.com"
        let start = ContinuousClock.now
        try Manifest.write(ingresses, "\(name)-\(round)", in: manifests)
        try await eventually(
            "\(host) is served", within: .seconds(60), every: .milliseconds(1), showing: [controller.process]
        ) { try await controller.send(controller.request(host: host)).status == 200 }
        return .now - start
    }

    private func regexTemplates(_ folder: URL) throws -> String {
        let copy = folder.appending(path: "templates")
        try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: copy)
        let location = copy.appending(path: "location.conf.mustache")
        try String(contentsOf: location, encoding: .utf8)
            .replacing(
                "{{#isRouted}}\n{{#isAvailable}}",
                with: """
                    {{#isRouted}}
                    if ($host ~ "{{location}}") { break; }
                    {{#isAvailable}}
                    """
            )
            .write(to: location, atomically: true, encoding: .utf8)
        return copy.path
    }
}
