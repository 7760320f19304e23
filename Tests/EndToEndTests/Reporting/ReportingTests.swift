import Foundation
import HTTPClient
import TestBed
import Testing

/// These tests have a cluster of their own: elsewhere, controllers that watch all namespaces would send these Events
/// too.
@Suite("Reporting", .serialized, .timeLimit(.minutes(3)))
enum ReportingTests {
    static let bed = Shared { try await Bed.start() }
}

/// The controllers of one namespace, which elect the writer by a Lease of their own.
struct Replicas: Sendable {
    let bed: Bed
    let namespace: String

    static func make() async throws -> Replicas {
        let bed = try await ReportingTests.bed.get()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        return Replicas(bed: bed, namespace: namespace)
    }

    /// - Parameter pod: the name of the pod, which its Events contain.
    func start(
        _ pod: String, kubeconfig: URL? = nil, flags: [String] = [], after previous: Controller? = nil
    ) async throws -> Controller {
        try await Controller.start(
            folder: bed.folder, source: .kubeconfig(kubeconfig ?? bed.kubeconfig), resolver: bed.dns.address,
            flags: ["--reload-interval", "50ms", "--namespace", namespace] + flags,
            environment: ["POD_NAME": pod, "POD_NAMESPACE": namespace], after: previous)
    }

    func ingress(_ name: String, host: String? = nil, className: String = "vault-ingress") -> JSON {
        bed.ingress(name, namespace: namespace, host: host ?? "\(name).\(namespace).test", className: className)
    }

    /// The Ingress as the API server stores it.
    func stored(_ name: String) async throws -> JSON { try #require(try await bed.api.get(ingress(name))) }

    func addresses(_ name: String) async throws -> JSON {
        try await stored(name)["status"]["loadBalancer"]["ingress"]
    }

    /// The Events of the Ingress, as `kubectl describe ingress NAME` shows them, by time and message.
    func events(_ name: String, reason: String? = nil) async throws -> [JSON] {
        try await bed.api.call("GET", "/api/v1/namespaces/\(namespace)/events")["items"].array
            .filter { $0["involvedObject"]["name"].string == name && $0["involvedObject"]["kind"].string == "Ingress" }
            .filter { reason == nil || $0["reason"].string == reason }
            .sorted { ($0.time, $0["message"].string ?? "") < ($1.time, $1["message"].string ?? "") }
    }

    /// Waits for an Event whose message contains the text.
    @discardableResult
    func hasEvent(
        _ name: String, _ reason: String, _ text: String? = nil, within limit: Duration = .seconds(20),
        showing controllers: [Controller] = []
    ) async throws -> JSON {
        try await eventually(
            "\(name) has the Event \(reason) \(text ?? "")", within: limit, showing: controllers.map(\.process)
        ) {
            try await events(name, reason: reason).first {
                text == nil || $0["message"].string?.contains(text ?? "") == true
            }
        }
    }
}

extension JSON {
    fileprivate var time: String { self["firstTimestamp"].string ?? "" }
}

extension Controller {
    func isLeader() async throws -> Bool {
        String(decoding: try await admin("/metrics").body, as: UTF8.self).contains("\nvault_ingress_leader 1.0\n")
    }

    func leads(within limit: Duration = .seconds(20)) async throws {
        try await eventually("the replica leads", within: limit, showing: [process]) { try await isLeader() }
    }

    var log: String {
        get throws { try String(contentsOf: process.log, encoding: .utf8) }
    }
}
