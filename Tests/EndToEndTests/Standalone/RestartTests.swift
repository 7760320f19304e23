import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Shutdown and restart")
    struct RestartTests {
        @Test(
            "after SIGTERM the pod is not ready, serves during the delay, finishes requests in flight and exits with 0")
        func graceful() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let controller = try await site.start(flags: ["--shutdown-delay", "1s"])
            let master = try await controller.nginxMaster()
            // Longer than the delay, so nginx is already shutting down when the response comes.
            let slow = Task {
                try await controller.send(controller.request(host: "a.test", path: "/sleep/2500")).status
            }
            let load = try await Load.during(controller.request(host: "a.test"), tasks: 2) {
                try await Task.sleep(for: .milliseconds(300))
                controller.process.signal(SIGTERM)
                try await eventually("the controller is not ready") {
                    let answer = try await controller.admin("/readyz")
                    return answer.status == 503
                        && String(decoding: answer.body, as: UTF8.self).hasPrefix("not ready: shutting down\n")
                }
                try await Task.sleep(for: .milliseconds(500))
                #expect(try await controller.admin("/healthz").status == 200)
            }.load
            #expect(load.failures == [:])
            #expect(load.requests > 20)
            #expect(try await slow.value == 200)
            #expect(await controller.process.ended() == .exited(0))
            #expect(kill(master, 0) != 0)
        }

        @Test("without a delay, requests in flight finish after SIGTERM, and then the port is free")
        func inFlight() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let controller = try await site.start()
            let slow = Task {
                try await controller.send(controller.request(host: "a.test", path: "/sleep/1500")).status
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await controller.stop() == .exited(0))
            #expect(try await slow.value == 200)
            await #expect(throws: (any Error).self) {
                try await controller.send(controller.request(host: "a.test"))
            }
        }

        @Test("nginx continues after its controller is killed, and the next controller adopts it")
        func killed() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            let master = try await controller.nginxMaster()
            let generation = try await controller.status()["generation"].int ?? 0
            await controller.kill()
            let answer = try await controller.answer(controller.request(host: "a.test"))
            #expect(answer.serverAddress == web)

            let next = try await site.start(after: controller)
            try await next.reaches(web, host: "a.test")
            #expect(try await next.nginxMaster() == master)
            let other = try site.serve("b.test")
            try await next.reaches(other, host: "b.test")
            let line = try await next.audited("the new host") { $0["hosts"]["added"][0].string == "b.test" }
            #expect(line["hosts"]["removed"] == ["a.test"])
            #expect((line["generation"].int ?? 0) > generation)
            #expect(await next.stop() == .exited(0))
            // The adopted nginx is not a child of the controller, so another process reaps it.
            try await eventually("the adopted nginx has exited") { kill(master, 0) != 0 }
        }

        @Test("a restart without changes serves the same generation: no reload, no line in the audit log")
        func unchanged() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            let generation = try await controller.status()["generation"]
            let lines = try controller.audit().count
            #expect(await controller.stop() == .exited(0))
            let next = try await site.start(after: controller)
            #expect(try await next.answer(next.request(host: "a.test")).serverAddress == web)
            #expect(try await next.status()["generation"] == generation)
            #expect(try next.audit().count == lines)
            await next.stop()
        }
    }
}
