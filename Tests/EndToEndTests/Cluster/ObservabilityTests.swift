import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("Audit log, status and metrics")
    struct ObservabilityTests {
        @Test("each reload has a line with its causes, their writer, the hosts, the generation and the times")
        func line() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            try await bed.makeService("web", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace, flags: ["--reload-interval", "10ms"])
            let ingress = bed.ingress("web", namespace: namespace, host: "a.test")

            let stored = try await bed.api.apply(ingress, manager: "team-a")
            let added = try await controller.audited("the added host") { $0["hosts"]["added"][0].string == "a.test" }
            #expect(added["event"].string == "reload")
            #expect(added["result"].string == "applied")
            #expect(added["error"] == .null)
            #expect(added["hostCount"].int == 1)
            #expect(
                added["causes"] == [
                    [
                        "kind": "Ingress", "namespace": .string(namespace), "name": "web", "change": "added",
                        "resourceVersion": stored["metadata"]["resourceVersion"], "manager": "team-a",
                    ]
                ])
            let times = added["milliseconds"]
            #expect(Set(times.object.keys) == ["route", "render", "test", "reload", "total"])
            #expect(times.object.values.allSatisfy { $0 != .null })
            let generation = try #require(added["generation"].int)

            try await bed.makeService("api", namespace: namespace)
            // Within one second, managedFields do not show which write was the last.
            try await bed.clockPasses(stored)
            let changed = bed.ingress("web", namespace: namespace, host: "a.test", paths: ["/": "api"])
            try await bed.api.apply(changed, manager: "team-b")
            let modified = try await controller.audited("the changed host") {
                $0["hosts"]["changed"][0].string == "a.test"
            }
            #expect(modified["generation"].int == generation + 1)
            #expect(modified["causes"][0]["change"].string == "modified")
            #expect(modified["causes"][0]["manager"].string == "team-b")
            #expect(modified["hosts"]["added"] == [])

            try await bed.api.delete(ingress)
            let removed = try await controller.audited("the removed host") {
                $0["hosts"]["removed"][0].string == "a.test"
            }
            #expect(removed["causes"][0]["change"].string == "deleted")
            #expect(removed["hostCount"].int == 0)
            let time = try #require(removed["time"].string)
            #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
            await controller.stop()
        }

        @Test("a change that does not change the routing causes no reload: no line, no generation")
        func noReload() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            try await bed.makeService("web", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace, flags: ["--reload-interval", "10ms"])
            let ingress = bed.ingress("web", namespace: namespace, host: "a.test")
            try await bed.api.apply(ingress)
            let before = try await controller.audited("the first host") { $0["hosts"]["added"][0].string == "a.test" }
            let count = try controller.audit().count

            let service: JSON = [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "web", "namespace": .string(namespace)],
            ]
            try await bed.api.patch(service, ["metadata": ["labels": ["team": "a"]]])
            try await bed.api.patch(ingress, ["metadata": ["annotations": ["note": "nothing new"]]])
            // So that this is a separate pass. If it is not, the line below is still the only one.
            try await Task.sleep(for: .milliseconds(300))
            try await bed.api.apply(bed.ingress("more", namespace: namespace, host: "b.test"))
            let after = try await controller.audited("the second host") { $0["hosts"]["added"][0].string == "b.test" }
            #expect(try controller.audit().count == count + 1)
            #expect(after["generation"].int == (before["generation"].int ?? 0) + 1)
            await controller.stop()
        }

        @Test("/status shows hosts, owners, rejections and the generation, and /readyz and /metrics agree")
        func pages() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            try await bed.makeService("web", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace)
            try await bed.api.apply(bed.ingress("web", namespace: namespace, host: "a.test"))
            try await bed.api.apply(
                bed.ingress("lost", namespace: namespace, host: "b.test", paths: ["/": "missing"]))
            let line = try await controller.audited("both hosts") { $0["hostCount"].int == 2 }
            try await eventually("the status has the generation of the log") {
                try await controller.status()["generation"] == line["generation"]
            }

            let status = try await controller.status()
            #expect(status["ready"].bool == true)
            #expect(status["synced"].bool == true)
            #expect(status["lastError"] == .null)
            #expect(status["nginx"]["restarts"].int == 0)
            #expect(
                status["hosts"] == [
                    ["host": "a.test", "owner": .string("\(namespace)/web")],
                    ["host": "b.test", "owner": .string("\(namespace)/lost")],
                ])
            #expect(status["rejections"].array.count == 1)
            let rejection = status["rejections"][0]
            #expect(rejection["ingress"].string == "\(namespace)/lost")
            #expect(rejection["reason"].string == "ServiceNotFound")
            #expect(rejection["field"].string == "spec.rules[0].http.paths[0].backend.service.name")
            #expect(rejection["value"].string == "missing")

            #expect(try await controller.admin("/healthz").status == 200)
            #expect(try await controller.admin("/readyz").status == 200)
            #expect(try await controller.admin("/nothing").status == 404)
            let metrics = try await controller.admin("/metrics")
            #expect(metrics.headers["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let lines = Set(String(decoding: metrics.body, as: UTF8.self).split(separator: "\n").map(String.init))
            let reloads = try controller.audit().count
            for expected in [
                "ready 1", "source_synced 1", "nginx_up 1", "nginx_restarts_total 0", "hosts 2",
                "generation \(line["generation"].int ?? 0)", "rejections{reason=\"ServiceNotFound\"} 1",
                "reloads_total{result=\"applied\"} \(reloads)", "reloads_total{result=\"failed\"} 0",
            ] {
                #expect(lines.contains { $0 == "vault_ingress_\(expected)" || $0 == "vault_ingress_\(expected).0" })
            }
            await controller.stop()
        }
    }
}
