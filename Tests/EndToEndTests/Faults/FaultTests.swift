import Foundation
import TestBed
import Testing

extension ClusterTests {
    /// One after the other, in the suite of those that restart the API server.
    @Suite("Faults under load")
    struct FaultTests {
        @Test(
            "no host is lost, what fails otherwise goes on being served, and a change goes live afterwards",
            arguments: Fault.allCases.filter { $0.obstacle == nil })
        func fault(_ fault: Fault) async throws {
            let length = Duration.seconds(2)
            let report = try await fault.measure(connections: 8, length: length, bed: ClusterTests.bed)
            #expect(report.lostHosts == [])
            #expect(report.kept.requests > 100)
            #expect(report.fresh.requests > 100)
            switch fault {
            case .workerKilled:
                // Its own connections; each of them is made again at once.
                #expect(report.kept.failed <= 8)
                #expect(report.fresh.failed <= 1)
            default:
                #expect(report.kept.failures == [:])
                #expect(report.fresh.failures == [:])
            }
            let isKilled = fault == .masterKilled
            #expect(report.restarts == (isKilled ? 1 : 0))
            switch fault {
            case .masterKilled, .controllerKilledNginxStopped, .controllerKilledNginxOther:
                #expect(!report.isSameMaster)
            default: #expect(report.isSameMaster)
            }
        }
    }
}
