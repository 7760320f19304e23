import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Vault unavailable")
    struct OutageTests {
        enum Outage: String, CaseIterable {
            case frozen, sealed
        }

        @Test(
            "traffic continues, other changes go live, and recovery needs no restart", arguments: Outage.allCases
        )
        func outage(_ outage: Outage) async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            switch outage {
            case .frozen: try await site.bao.process.freeze()
            case .sealed: try await site.bao.call("PUT", "sys/seal")
            }
            let request = controller.request(host: "a.example.com", trust: try site.trust)
            let load = try await Load.during(request, tasks: 2) {
                try site.ingress("plain", hosts: ["plain.example.com"], labels: [:])
                try await controller.serves("plain.example.com", within: .seconds(2))
                try site.ingress("late", hosts: ["late.example.com"])
                try await controller.serves("late.example.com", within: .seconds(2))
            }.load
            #expect(load.failures.isEmpty)
            #expect(try await site.shown("a.example.com", controller) == certificate)
            #expect(try await site.shown("late.example.com", controller) == nil)
            guard outage == .frozen else {
                try await site.isInState("a.example.com", "stale", controller)
                let reason = try #require(try await site.state("a.example.com", controller)["reason"].string)
                #expect(reason.contains("sealed"))
                await controller.stop()
                return
            }
            site.bao.process.signal(SIGCONT)
            let late = try await site.put("late.example.com")
            try await site.shows("late.example.com", late, controller)
            await controller.stop()
        }

        @Test("a restart during an outage serves the certificates in the state folder, with the state stale")
        func restart() async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let first = try await site.start()
            #expect(await first.stop() == .exited(0))
            await site.bao.process.stop(SIGKILL)
            let second = try await site.start(flags: ["--vault-startup-wait", "200ms"], after: first)
            #expect(try await site.shown("a.example.com", second) == certificate)
            try await site.isInState("a.example.com", "stale", second)
            #expect(try second.audit().count == 1, "nothing changed, so nothing was reloaded")
            await second.stop()
        }
    }
}
