import Foundation
import TestBed
import Testing

extension ClusterTests {
    /// Part of the serialized suite Cluster, because some faults restart the API server.
    @Suite("Faults under load")
    struct FaultTests {
        @Test(
            "no host is lost, only a killed worker costs requests, and a change goes live afterwards",
            arguments: Fault.allCases.filter { $0.obstacle == nil })
        func fault(_ fault: Fault) async throws {
            let length = Duration.seconds(2)
            let report = try await fault.measure(connections: 8, length: length, bed: ClusterTests.bed)
            #expect(report.lostHosts == [])
            #expect(report.kept.requests > 100)
            #expect(report.fresh.requests > 100)
            switch fault {
            case .workerKilled:
                // At most the connections of this worker. Each is opened again immediately.
                #expect(report.kept.failed <= 8)
                #expect(report.fresh.failed <= 1)
            default:
                #expect(report.kept.failures == [:])
                #expect(report.fresh.failures == [:])
            }
            #expect(report.restarts == (fault == .masterKilled ? 1 : 0))
            switch fault {
            case .masterKilled, .controllerKilledNginxStopped, .controllerKilledNginxOther:
                #expect(!report.isSameMaster)
            default: #expect(report.isSameMaster)
            }
        }
    }
}
