import Foundation
import Kubernetes
import Routing
import Testing

@testable import Controller

@Suite("Reasons of Events")
struct EventReasonTests {
    @Test("the documentation has one table of reasons, with the documentation of each")
    func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let pages = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "docs"), includingPropertiesForKeys: nil)
        let blocks = try ([root.appending(path: "README.md")] + pages.filter { $0.pathExtension == "md" })
            .flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n\n") }
        let tables = blocks.filter { $0.contains("\n| `Synced` |") }
        #expect(tables.count == 1)
        let rows = try #require(tables.first).split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.map(String.init) == EventReason.allCases.map { "| `\($0.rawValue)` | \($0.documentation) |" })
    }

    @Test("each reason of a rejection is one that the metric of rejections counts, and the metric counts no other")
    func rejections() {
        let owner = OwnerRef(kind: .ingress, namespace: "shop", name: "web")
        let reasons: [Rejection.Reason] = [
            .hostClosed, .hostNotAllowed, .hostConflict(owner: owner), .invalidRule, .serviceNotFound,
            .quotaExceeded(QuotaExcess(budget: .hosts, namespace: nil, limit: 1, used: 1, found: 1)),
        ]
        #expect(reasons.map(\.eventReason) == EventReason.allCases.filter(\.isRejection))
        #expect(
            reasons.map(\.name) == [
                "HostClosed", "HostNotAllowed", "HostConflict", "InvalidRule", "ServiceNotFound", "QuotaExceeded",
            ])
    }

    @Test("only Synced is normal, and only an outage of Vault is reported later")
    func properties() {
        #expect(EventReason.allCases.filter { $0.severity == .normal } == [.synced])
        #expect(EventReason.allCases.filter { $0.delay > .zero } == [.ingressClassMissing, .certificateUnavailable])
    }
}
