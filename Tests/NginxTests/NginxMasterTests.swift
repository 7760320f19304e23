import Foundation
import Glibc
import Nginx
import TestBed
import Testing

@testable import class Nginx.NginxMaster

@Suite("nginx supervision", .serialized)
struct NginxMasterTests {
    @Test("a killed master is restarted with the live generation, and its workers quit")
    func killedMaster() async throws {
        try await LiveNginx.run { nginx in
            _ = await nginx.apply("alive")
            for _ in 1...2 {
                let pid = try #require(nginx.master.processIdentifier)
                kill(pid, SIGKILL)
                try await eventually("a new master serves traffic") {
                    guard let next = nginx.master.processIdentifier, next != pid else { return false }
                    return try await nginx.answer() == "alive"
                }
                try await eventually("the old workers have quit") { kill(-pid, 0) != 0 && errno == ESRCH }
            }
            #expect(nginx.master.unexpectedExits == 2)
        }
    }

    @Test("a graceful shutdown stops nginx and frees its port")
    func shutdown() async throws {
        let port = try FreePort.next()
        try await LiveNginx.run(port: port) { _ = await $0.apply("first") }
        try await LiveNginx.run(port: port) { nginx in
            #expect(await nginx.apply("second").result == .applied)
            #expect(nginx.master.unexpectedExits == 0)
        }
    }

    @Test(
        "the first restart is immediate, the next ones wait",
        arguments: [(1, 0), (2, 100), (3, 200), (4, 400), (8, 6400), (9, 10_000), (1000, 10_000)])
    func backoff(failures: Int, milliseconds: Int) {
        #expect(NginxMaster.delay(afterFailures: failures) == .milliseconds(milliseconds))
    }
}
