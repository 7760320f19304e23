import Foundation
import HTTPClient
import TestBed
import Testing

/// A cluster of their own: elsewhere, controllers that follow all namespaces would tell these Ingresses' Events too.
@Suite("Reporting", .serialized, .timeLimit(.minutes(3)))
enum ReportingTests {
    static let bed = Shared { try await Bed.start() }
}

/// Controllers for one namespace, that agree by a Lease of their own who writes.
struct Replicas: Sendable {
    let bed: Bed
    let namespace: String

    static func make() async throws -> Replicas {
        let bed = try await ReportingTests.bed.get()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        return Replicas(bed: bed, namespace: namespace)
    }

    /// - Parameter pod: its name, which its Events carry.
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

    /// What the API server has of it now.
    func stored(_ name: String) async throws -> JSON { try #require(try await bed.api.get(ingress(name))) }

    func addresses(_ name: String) async throws -> JSON {
        try await stored(name)["status"]["loadBalancer"]["ingress"]
    }

    /// What `kubectl describe ingress NAME` shows: all Events of the Ingress with that name, by time and name.
    func events(_ name: String, reason: String? = nil) async throws -> [JSON] {
        try await bed.api.call("GET", "/api/v1/namespaces/\(namespace)/events")["items"].array
            .filter { $0["involvedObject"]["name"].string == name && $0["involvedObject"]["kind"].string == "Ingress" }
            .filter { reason == nil || $0["reason"].string == reason }
            .sorted { ($0.time, $0["message"].string ?? "") < ($1.time, $1["message"].string ?? "") }
    }

    /// Waits until there is an Event with that text.
    @discardableResult
    func told(
        _ name: String, _ reason: String, _ text: String? = nil, within limit: Duration = .seconds(20),
        showing controllers: [Controller] = []
    ) async throws -> JSON {
        try await eventually(
            "\(name) is told \(reason) \(text ?? "")", within: limit, showing: controllers.map(\.process)
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
        try await eventually("it leads", within: limit, showing: [process]) { try await isLeader() }
    }

    var log: String {
        get throws { try String(contentsOf: process.log, encoding: .utf8) }
    }
}
