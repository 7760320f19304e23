import Foundation
import TestBed
import Testing

extension ReportingTests {
    @Suite("The Lease")
    struct LeaseTests {
        private func lease(_ replicas: Replicas) async throws -> JSON {
            try await replicas.bed.api.call(
                "GET", "/apis/coordination.k8s.io/v1/namespaces/\(replicas.namespace)/leases/vault-ingress")["spec"]
        }

        @Test("when the leader is killed, the other replica leads within 15 s and sends no Event again")
        func killed() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let one = try await replicas.start("one")
            try await one.leads()
            let two = try await replicas.start("two")
            try await bed.api.apply(replicas.ingress("early"))
            try await replicas.hasEvent("early", "Synced", showing: [one])
            try await two.serves("early.\(replicas.namespace).test")
            try await eventually("the other replica follows", showing: [two.process]) {
                try await two.status()["leader"]["holder"].string?.hasPrefix("one_") == true
            }
            #expect(try await !two.isLeader())
            #expect(try await one.status()["leader"]["isSelf"].bool == true)

            let clock = ContinuousClock()
            let killed = clock.now
            await one.kill()
            try await bed.api.apply(replicas.ingress("late"))
            try await bed.api.apply(replicas.ingress("loser", host: "early.\(replicas.namespace).test"))
            try await two.leads(within: .seconds(30))
            #expect(clock.now - killed < .seconds(15))
            let late = try await replicas.hasEvent("late", "Synced", showing: [two])
            #expect(late["source"]["host"].string == "two")
            try await replicas.hasEvent("loser", "HostConflict", showing: [two])
            try await eventually("the new leader has found the Events of the old one", showing: [two.process]) {
                try two.log.split(separator: "\n").contains { $0.contains("Event sent") && $0.contains("/early\"") }
            }
            for name in ["early", "late", "loser"] {
                let events = try await replicas.events(name)
                #expect(events.count == 1)
                #expect(events.allSatisfy { $0["count"].int == 1 })
            }
            #expect(try await replicas.events("early").first?["source"]["host"].string == "one")
            #expect(try await lease(replicas)["leaseTransitions"].int == 1)
            await two.stop()
        }

        @Test("a leader that is shut down releases the Lease")
        func released() async throws {
            let replicas = try await Replicas.make()
            let one = try await replicas.start("one")
            try await one.leads()
            let two = try await replicas.start("two")
            #expect(await one.stop() == .exited(0))
            #expect(try one.log.contains("Lease released"))
            let before = try await lease(replicas)
            try await two.leads()
            let after = try await lease(replicas)
            #expect(after["holderIdentity"].string?.hasPrefix("two_") == true)
            // The Lease was free, or the other replica had acquired it by then.
            #expect(before["holderIdentity"].string != "" || after["leaseTransitions"].int == 1)
            await two.stop()
            #expect(try await lease(replicas)["holderIdentity"].string ?? "" == "")
        }

        @Test("a leader that cannot reach the API server stops writing before another one begins, and then follows")
        func cutOff() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            try await bed.withRelay { relay in
                let text = try String(contentsOf: bed.kubeconfig, encoding: .utf8)
                let kubeconfig = bed.folder.appending(path: "kubeconfig-\(relay.port)")
                try text.replacing(bed.api.url, with: "https://127.0.0.1:\(relay.port)")
                    .write(to: kubeconfig, atomically: true, encoding: .utf8)
                let one = try await replicas.start("one", kubeconfig: kubeconfig)
                try await one.leads()
                let two = try await replicas.start("two")
                relay.cut()
                var both = 0
                try await eventually("the other replica leads", within: .seconds(30), every: .milliseconds(50)) {
                    let second = try await two.isLeader()
                    if second, try await one.isLeader() { both += 1 }
                    return second
                }
                #expect(both == 0)
                relay.restore()
                try await eventually("the old leader follows", within: .seconds(20), showing: [one.process]) {
                    try await one.status()["leader"]["holder"].string?.hasPrefix("two_") == true
                }
                #expect(try await !one.isLeader())
                await one.stop()
                await two.stop()
            }
        }
    }
}
