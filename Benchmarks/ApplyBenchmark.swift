import Foundation
import HTTPClient
import TestBed

/// Measures, for 20, 1,000 and more hosts with TLS and a certificate each: the time from the start to the last host, the
/// memory, the processor time while nothing changes, and the time from the request that creates an Ingress to its first
/// response over TLS. With both nginx versions in one run.
struct ApplyBenchmark {
    /// The largest number of hosts.
    let hosts: Int
    private let rounds = 15
    private let idle = Duration.seconds(10)

    private struct Row: Codable {
        let nginx: String
        /// `--certificate-loading`.
        let loading: String
        let hosts: Int
        let startSeconds: Double
        let applyMilliseconds: Double
        let applyP90Milliseconds: Double
        let controllerMiB: Int
        let nginxMiB: Int
        let idlePercent: Double
    }

    func run() async throws {
        let bed = try await Bed.start()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        let vault = try await BaoServer.start()
        try await CertificateStore.prepare(vault)
        try await CertificateStore.add((0..<rounds).map { "round-\($0)" }, to: vault)
        Report.line("nginx\thosts\tstart s\tapply ms (median, p90)\tMiB (controller, nginx)\tidle %")
        var made = 0
        for size in [20, 1_000, 10_000].filter({ $0 < hosts }) + [hosts] {
            try await CertificateStore.add((made..<size).map { "host-\($0)" }, to: vault)
            try await create(made..<size, bed, namespace)
            made = size
            for (nginx, loading) in [
                (try Tools.nginx, "static"), (try Tools.nginx, "dynamic"), (try Tools.nginxCurrent, "dynamic"),
            ] where loading == "dynamic" || size <= 1_000 {
                let row = try await measure(nginx, loading, size, bed, namespace, vault)
                Report.line(
                    "\(row.nginx) \(row.loading)\t\(row.hosts)\t\(row.startSeconds)\t\(row.applyMilliseconds), "
                        + "\(row.applyP90Milliseconds)\t\(row.controllerMiB), \(row.nginxMiB)\t\(row.idlePercent)")
                Report.line(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))
            }
        }
        await vault.process.stop()
    }

    private func create(_ numbers: Range<Int>, _ bed: Bed, _ namespace: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                if number >= numbers.lowerBound + 16 { try await group.next() }
                group.addTask { try await bed.api.apply(ingress("host-\(number)", bed, namespace)) }
            }
            try await group.waitForAll()
        }
    }

    private func ingress(_ name: String, _ bed: Bed, _ namespace: String) -> JSON {
        bed.ingress(name, namespace: namespace, host: "\(name).example.com", labels: ["ssl": "true"])
    }

    private func measure(
        _ nginx: String, _ loading: String, _ size: Int, _ bed: Bed, _ namespace: String, _ vault: BaoServer
    ) async throws -> Row {
        let start = ContinuousClock.now
        let controller = try await Controller.start(
            folder: bed.folder, source: .kubeconfig(bed.kubeconfig), resolver: bed.dns.address, nginx: nginx,
            flags: [
                "--reload-timeout", "120s", "--vault-startup-wait", "120s", "--log-level", "info",
                "--certificate-loading", loading,
            ] + Budgets.unlimited,
            environment: ["VAULT_ADDR": vault.address, "VAULT_TOKEN": BaoServer.rootToken], isAwaited: false)
        for number in [0, size / 2, size - 1] {
            try await served("host-\(number)", controller, within: .seconds(300))
        }
        let started = ContinuousClock.now - start
        // What follows the start, such as Events, is not idle time.
        try await Task.sleep(for: .seconds(5))
        let used = try controller.processorTime()
        // Measured over a period in which nothing changes.
        try await Task.sleep(for: idle)
        let percent = (try controller.processorTime() - used) / (idle / .seconds(1)) * 100
        var times: [Duration] = []
        for round in 0..<rounds {
            // Longer than --reload-interval (1 s), so that the change is applied immediately.
            try await Task.sleep(for: .milliseconds(1500))
            let begin = ContinuousClock.now
            try await bed.api.apply(ingress("round-\(round)", bed, namespace))
            try await served("round-\(round)", controller, within: .seconds(60))
            times.append(.now - begin)
        }
        guard let pid = controller.process.pid else { throw BedError("the controller has ended") }
        let memory = (
            ProcessMemory.resident(pid), ProcessMemory.descendants(pid).map(ProcessMemory.resident).max() ?? 0
        )
        try report(controller)
        for round in 0..<rounds { try await bed.api.delete(ingress("round-\(round)", bed, namespace)) }
        await controller.stop()
        let percentiles = Percentiles(times)
        return Row(
            nginx: nginx == (try Tools.nginx) ? "1.22" : "current", loading: loading, hosts: size,
            startSeconds: (started / .milliseconds(100)).rounded() / 10,
            applyMilliseconds: percentiles.milliseconds(50),
            applyP90Milliseconds: percentiles.milliseconds(90), controllerMiB: memory.0 >> 20, nginxMiB: memory.1 >> 20,
            idlePercent: (percent * 100).rounded() / 100)
    }

    /// The median times of the passes, as the audit log has them.
    private func report(_ controller: Controller) throws {
        let records = try controller.audit().suffix(rounds)
        let steps = ["route", "render", "test", "reload", "total"].map { step in
            let times = records.compactMap { $0["milliseconds"][step].double }.sorted()
            return "\(step) \(times.isEmpty ? 0 : times[times.count / 2])"
        }
        Report.line("  milliseconds: " + steps.joined(separator: ", "))
    }

    private func served(_ name: String, _ controller: Controller, within limit: Duration) async throws {
        let request = controller.request(host: "\(name).example.com", trust: .anything)
        try await eventually(
            "\(name) is served", within: limit, every: .milliseconds(2), showing: [controller.process]
        ) { (try? await controller.send(request).status) == 200 }
    }
}

/// Results, which appear at once also in a file.
enum Report {
    static func line(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
}
