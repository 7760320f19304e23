import Foundation
import TestBed

/// Measures the memory of the controller with many Services that have 256 KB of annotations each: when it lists them,
/// when it watches changes, and when it lists them again.
struct MemoryBenchmark {
    let services: Int
    /// In bytes; the limit of the issue for 1,000 Services.
    static let limit = 100_000_000

    func run() async throws {
        let bed = try await Bed.start()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        try await bed.api.apply(bed.ingress("web", namespace: namespace, host: "web.example.com"))
        let empty = try await controller(bed)
        let base = try peak(empty)
        await empty.stop()
        let heavy = HeavyServices(bed: bed, namespace: namespace)
        try await heavy.apply(0..<services)

        let controller = try await controller(bed)
        let listed = try peak(controller)
        try await heavy.apply(0..<min(services, 200), version: 1)
        let host = "changed.example.com"
        try await bed.api.apply(bed.ingress("changed", namespace: namespace, host: host))
        try await controller.serves(host, within: .seconds(60))
        let watched = try peak(controller)
        // The server forgets what the watch continues from, so that everything is listed again.
        try await bed.etcd.compact()
        try await bed.api.restart()
        try await bed.api.apply(bed.ingress("again", namespace: namespace, host: "again.example.com"))
        try await controller.serves("again.example.com", within: .seconds(120))
        let again = try peak(controller)
        await controller.stop()

        print("\(services) Services with \(HeavyServices.bytes / 1000) KB of annotations each")
        print("| peak memory of the controller | MB |")
        print("|---|---|")
        for (name, bytes) in [
            ("without these Services", base), ("after the list", listed), ("after 200 changes", watched),
            ("after another list", again),
        ] { print("| \(name) | \(bytes / 1_000_000) |") }
        print("at most \(Self.limit / 1_000_000) MB: \(again <= Self.limit ? "passed" : "FAILED")")
    }

    private func controller(_ bed: Bed) async throws -> Controller {
        let controller = try await Controller.start(
            folder: bed.folder, source: .kubeconfig(bed.kubeconfig), resolver: bed.dns.address)
        try await controller.serves("web.example.com", within: .seconds(60))
        return controller
    }

    private func peak(_ controller: Controller) throws -> Int {
        guard let pid = controller.process.pid else { throw BedError("the controller has ended") }
        return ProcessMemory.peak(pid)
    }
}
