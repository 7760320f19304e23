import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("API server unavailable")
    struct APIServerOutageTests {
        @Test("an interrupted watch resumes, and the changes since then are served")
        func cut() async throws {
            try await run { bed, controller, relay, namespace, web in
                relay.cut()
                try await change(bed, namespace)
                try await controller.serves("old.\(namespace).test")
                relay.restore()
                try await expectChange(controller, namespace, web)
            }
        }

        @Test("an expired watch (410 after an etcd compaction) loses no change")
        func expired() async throws {
            try await run { bed, controller, relay, namespace, web in
                relay.cut()
                try await change(bed, namespace)
                try await bed.etcd.compact()
                // Without a restart, the server's watch cache would still have the old version.
                try await bed.api.restart()
                relay.restore()
                try await expectChange(controller, namespace, web)
                let log = try String(contentsOf: controller.process.log, encoding: .utf8)
                #expect(log.contains(#""error":"410 "#))
            }
        }

        @Test("no request fails during an outage of the API server, and after its restart no change is lost")
        func restarted() async throws {
            try await run { bed, controller, _, namespace, web in
                let request = controller.request(host: "old.\(namespace).test")
                let load = try await Load.during(request, tasks: 2) {
                    await bed.api.stop()
                    try await Task.sleep(for: .seconds(2))
                    #expect(try await controller.admin("/readyz").status == 200)
                    try await bed.api.restart()
                    try await bed.api.apply(
                        bed.ingress("new", namespace: namespace, host: "new.\(namespace).test"))
                    try await controller.reaches(web, host: "new.\(namespace).test", within: .seconds(40))
                }.load
                #expect(load.failures == [:])
                #expect(load.requests > 100)
                try await change(bed, namespace)
                try await expectChange(controller, namespace, web)
            }
        }

        @Test("a controller that starts during an outage serves the last generation, and is ready afterwards")
        func startedAlone() async throws {
            try await run { bed, controller, relay, namespace, web in
                await controller.stop()
                relay.cut()
                let next = try await bed.controller(
                    namespace: namespace, through: relay, after: controller, isAwaited: false)
                try await next.reaches(web, host: "old.\(namespace).test")
                #expect(try await next.admin("/readyz").status == 503)
                #expect(try await next.admin("/healthz").status == 200)
                try await change(bed, namespace)
                relay.restore()
                try await expectChange(next, namespace, web)
                try await eventually("the controller is ready") { try await next.admin("/readyz").status == 200 }
                await next.stop()
            }
        }

        /// Runs `body` with a controller that serves `old.NAMESPACE.test` and reaches the API server through a relay.
        private func run(
            _ body:
                @escaping @Sendable (Bed, Controller, Relay, _ namespace: String, _ web: String) async throws -> Void
        ) async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let web = try await bed.makeService("web", namespace: namespace)
            try await bed.api.apply(bed.ingress("old", namespace: namespace, host: "old.\(namespace).test"))
            try await bed.withRelay { relay in
                let controller = try await bed.controller(namespace: namespace, through: relay)
                try await controller.reaches(web, host: "old.\(namespace).test")
                try await body(bed, controller, relay, namespace, web)
                await controller.stop()
            }
        }
    }
}

/// Adds one Ingress and deletes another.
private func change(_ bed: Bed, _ namespace: String) async throws {
    try await bed.api.apply(bed.ingress("added", namespace: namespace, host: "added.\(namespace).test"))
    try await bed.api.delete(bed.ingress("old", namespace: namespace, host: "old.\(namespace).test"))
}

private func expectChange(_ controller: Controller, _ namespace: String, _ web: String) async throws {
    // Retries are up to 30 s apart.
    try await controller.reaches(web, host: "added.\(namespace).test", within: .seconds(40))
    try await controller.serves("old.\(namespace).test", status: 404, within: .seconds(40))
}
