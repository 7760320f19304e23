import Foundation
import TestBed
import Testing

/// The suites that need a cluster, on one bed. Serialized, because some restart the API server.
@Suite("Cluster", .serialized, .timeLimit(.minutes(2)))
enum ClusterTests {
    static let bed = Shared { try await Bed.start() }
}

extension Bed {
    /// - Parameters:
    ///   - namespace: the only namespace it reads; nil for all.
    ///   - relay: the relay to the API server; nil for a direct connection.
    func controller(
        namespace: String? = nil, through relay: Relay? = nil, flags: [String] = [], after previous: Controller? = nil,
        isAwaited: Bool = true
    ) async throws -> Controller {
        var kubeconfig = kubeconfig
        if let relay {
            let text = try String(contentsOf: kubeconfig, encoding: .utf8)
            kubeconfig = folder.appending(path: "kubeconfig-\(relay.port)")
            try text.replacing(api.url, with: "https://127.0.0.1:\(relay.port)")
                .write(to: kubeconfig, atomically: true, encoding: .utf8)
        }
        return try await Controller.start(
            folder: folder, source: .kubeconfig(kubeconfig), resolver: dns.address,
            flags: ["--reload-interval", "100ms"] + (namespace.map { ["--namespace", $0] } ?? []) + flags,
            after: previous, isAwaited: isAwaited)
    }

    /// Waits until a new object gets a later `creationTimestamp` than `object`: the API server's times are whole
    /// seconds.
    func clockPasses(_ object: JSON) async throws {
        let metadata = object["metadata"]
        let probe = ingress("probe", namespace: metadata["namespace"].string ?? "", host: "probe.test")
        try await eventually("the API server's clock advances", every: .milliseconds(50)) {
            let created = try await api.apply(probe, dryRun: true)["metadata"]["creationTimestamp"].string ?? ""
            return created > metadata["creationTimestamp"].string ?? ""
        }
    }

    /// Runs `body` with a relay to the API server.
    func withRelay(_ body: @escaping @Sendable (Relay) async throws -> Void) async throws {
        guard let port = URL(string: api.url)?.port else { throw BedError("no port: \(api.url)") }
        try await Relay.run(to: UInt16(port), body: body)
    }
}
