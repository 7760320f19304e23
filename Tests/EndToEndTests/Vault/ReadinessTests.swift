import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Readiness and Vault")
    struct ReadinessTests {
        @Test("a replica is not ready until Vault has answered for its certificates; a later outage does not matter")
        func startup() async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com", "missing.example.com"])
            site.bao.process.signal(SIGSTOP)
            let controller = try await site.start(
                flags: ["--vault-startup-wait", "200ms"], more: ["VAULT_CLIENT_TIMEOUT": "700ms"], isAwaited: false)
            try await eventually("the host is served over plain http") {
                try? await controller.serves("a.example.com")
            }
            let answer = try await eventually("readiness names Vault") {
                let answer = try await controller.admin("/readyz")
                return String(decoding: answer.body, as: UTF8.self).contains("Vault") ? answer : nil
            }
            #expect(answer.status == 503)
            site.bao.process.signal(SIGCONT)
            try await isReady(controller)
            try await site.shows("a.example.com", certificate, controller)
            await site.bao.process.stop(SIGKILL)
            try await site.isInState("a.example.com", "stale", controller)
            #expect(try await controller.admin("/readyz").status == 200)

            // The certificate is on disk, and that of the other host has never been read.
            await controller.stop()
            let next = try await site.start(
                flags: ["--vault-startup-wait", "200ms", "--ready-without-certificates"], after: controller)
            #expect(try await site.shown("a.example.com", next) == certificate)
            await next.stop()
        }

        @Test("a denial is an answer", arguments: [403, 503])
        func denied(status: Int) async throws {
            let site = try await SecureSite.make()
            try site.ingress("a", hosts: ["a.example.com"])
            if status == 503 { try await site.bao.call("PUT", "sys/seal") }
            let token = status == 503 ? nil : ["VAULT_TOKEN": try await site.bao.token(policies: ["default"])]
            let controller = try await site.start(login: token)
            #expect(try await site.state("a.example.com", controller)["state"].string == "pending")
            await controller.stop()
        }

        private func isReady(_ controller: Controller) async throws {
            try await eventually("it is ready") { try await controller.admin("/readyz").status == 200 }
        }
    }
}
