import Foundation
import HTTPClient
import Synchronization
import TestBed

/// Measures how other tenants affect a neighbour: the time until its changes are live, its failed requests, and the memory
/// of controller and nginx, under the memory limit of the shipped manifests.
struct NeighboursBenchmark {
    /// For each of the two measurements.
    let rounds: Int
    private static let memoryLimit = 1 << 30

    func run() async throws {
        let bed = try await Bed.start()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        try await bed.api.apply(bed.ingress("web", namespace: namespace, host: "neighbour.example.com"))
        try await Noise.makeHosts(bed)
        let hostile = try await HostileBackend.start()
        // The state folder is in memory, as in the shipped pod, and counts towards its limit.
        if SmallDisk.obstacle == nil {
            try await SmallDisk.run(bytes: 256 << 20) { try await run(bed, namespace, hostile, folder: $0.folder) }
        } else {
            try await run(bed, namespace, hostile, folder: bed.folder)
        }
    }

    private func run(_ bed: Bed, _ namespace: String, _ hostile: HostileBackend, folder: URL) async throws {
        let group = MemoryGroup(limit: Self.memoryLimit)
        let controller = try await Controller.start(
            folder: folder, source: .kubeconfig(bed.kubeconfig), resolver: bed.dns.address, isAwaited: false)
        // Before it has started nginx.
        if let pid = controller.process.pid { try group?.add(pid) }
        try await controller.serves("neighbour.example.com", within: .seconds(60))
        let admitted = try JSON(parsing: try await controller.admin("/status").body)["hosts"].array.count

        let peak = Mutex(0)
        let (load, times) = try await Load.during(
            controller.request(host: "neighbour.example.com"), tasks: 8, pause: .milliseconds(20)
        ) {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { @Sendable in
                    while !Task.isCancelled {
                        let used = group?.used ?? controller.process.pid.map(ProcessMemory.used) ?? 0
                        peak.withLock { $0 = max($0, used) }
                        try await Task.sleep(for: .milliseconds(100))
                    }
                }
                let quiet = try await changes("quiet", bed, namespace, controller)
                tasks.addTask { @Sendable in try await Noise(bed: bed, controller: controller, hostile: hostile).run() }
                try await Task.sleep(for: .seconds(5))
                let noisy = try await changes("noisy", bed, namespace, controller)
                tasks.cancelAll()
                return (quiet: Percentiles(quiet), noisy: Percentiles(noisy))
            }
        }
        let kills = group?.kills ?? 0
        await controller.stop()
        group?.remove()
        report(times, load, admitted: admitted, peak: peak.withLock { $0 }, kills: kills, isLimited: group != nil)
    }

    /// Creates a host of the neighbour per round.
    ///
    /// - Returns: the times from the request to the first response.
    private func changes(
        _ name: String, _ bed: Bed, _ namespace: String, _ controller: Controller
    ) async throws -> [Duration] {
        var times: [Duration] = []
        for round in 1...rounds {
            try await Task.sleep(for: .milliseconds(1500))
            let host = "\(name)-\(round).example.com"
            let start = ContinuousClock.now
            try await bed.api.apply(bed.ingress("\(name)-\(round)", namespace: namespace, host: host))
            try await eventually("\(host) is served", within: .seconds(60), every: .milliseconds(5)) {
                try await controller.send(controller.request(host: host)).status == 200
            }
            times.append(.now - start)
        }
        return times
    }

    private func report(
        _ times: (quiet: Percentiles, noisy: Percentiles), _ load: Load, admitted: Int, peak: Int, kills: Int,
        isLimited: Bool
    ) {
        func row(_ name: String, _ found: String, _ limit: String, _ isPassed: Bool) {
            print("| \(name) | \(found) | \(limit) | \(isPassed ? "passed" : "FAILED") |")
        }
        print(
            "\(Noise.ingresses) Ingresses of 1,000 hosts (\(admitted) hosts admitted), \(Noise.heavyServices) heavy Services, "
                + "constant edits, a proxy loop, a hostile backend; \(rounds) rounds")
        print("| measured | found | limit | |")
        print("|---|---|---|---|")
        let (quiet, noisy) = (times.quiet.milliseconds(50), times.noisy.milliseconds(50))
        row(
            "a neighbour's change to live, median, ms", "\(noisy) (without noise \(quiet))", "\(quiet * 2)",
            noisy <= quiet * 2)
        // A change that arrives during a pass waits for its end and for the reload interval.
        print(
            "| a neighbour's change to live, p95, ms | \(times.noisy.milliseconds(95)) "
                + "(without noise \(times.quiet.milliseconds(95))) | – | |")
        row("failed requests of the neighbour", "\(load.failed) of \(load.requests)", "0", load.failed == 0)
        for (failure, count) in load.failures.sorted(by: { $0.key < $1.key }) { print("  \(count) × \(failure)") }
        let limit = Self.memoryLimit >> 20
        row(
            "peak memory of controller, nginx and state folder, MiB", "\(peak >> 20)", "\(limit)",
            peak < Self.memoryLimit)
        if isLimited {
            row("processes killed at the limit", "\(kills)", "0", kills == 0)
        } else {
            print("The limit is not enforced: this machine allows no memory control group.")
        }
    }
}
