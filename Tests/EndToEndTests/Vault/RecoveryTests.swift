import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Recovery of Vault")
    struct RecoveryTests {
        @Test("traffic continues while Vault is killed, restarted sealed and unsealed, and recovery needs no restart")
        func killed() async throws {
            let bao = try await BaoServer.startStored()
            let site = try await SecureSite.make(bao)
            let certificate = try await site.put("a.example.com")
            try await site.put("b.example.com")
            try site.ingress("a", hosts: ["a.example.com", "b.example.com"])
            let controller = try await site.start()
            await bao.process.stop(SIGKILL)
            let request = controller.request(host: "a.example.com", trust: try site.trust)
            let (load, next) = try await Load.during(request, tasks: 2, isReusing: false) {
                try await site.isInState("a.example.com", "stale", controller)
                try site.ingress("plain", hosts: ["plain.example.com"], labels: [:])
                try await controller.serves("plain.example.com", within: .seconds(2))
                #expect(try await site.shown("a.example.com", controller) == certificate)

                let again = try await bao.restarted()
                try await site.isStale("a.example.com", because: "sealed", controller)
                try await again.unseal()
                try await site.isInState("a.example.com", "ready", controller)
                return try await site.put("a.example.com")
            }
            #expect(load.failures.isEmpty)
            try await site.shows("a.example.com", next, controller)
            await controller.stop()
        }

        @Test(
            "an outage is one log line per certificate, whatever the number of retries",
            arguments: [SIGKILL, SIGSTOP])
        func lines(signal: Int32) async throws {
            let site = try await SecureSite.make()
            let hosts = (0..<4).map { "h\($0).example.com" }
            for host in hosts { try await site.put(host) }
            try site.ingress("a", hosts: hosts)
            let controller = try await site.start(more: ["VAULT_CLIENT_TIMEOUT": "700ms"])
            site.bao.process.signal(signal)
            for host in hosts { try await site.isInState(host, "stale", controller) }
            try await controller.refreshes(4)
            for host in hosts {
                #expect(try controller.lines("certificate is stale", about: host).count == 1, "\(host)")
            }
            await controller.stop()
        }

        @Test("an expired certificate is one log line, whatever the number of refreshes")
        func expired() async throws {
            let site = try await SecureSite.make()
            let pair = try await site.authority.issue("test", names: ["DNS:a.example.com"], days: -1)
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            try await site.isInState("a.example.com", "stale", controller)
            try await controller.refreshes(3)
            #expect(try controller.lines("certificate is stale", about: "a.example.com").count == 1)
            await controller.stop()
        }

        @Test("an expired certificate without a replacement is served by a replica that starts, until there is one")
        func expiredAtStart() async throws {
            let site = try await SecureSite.make()
            let pair = try await site.authority.issue("test", names: ["DNS:a.example.com"], days: -1)
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            try await site.isStale("a.example.com", because: "expired at", controller)
            #expect(try await site.shown("a.example.com", controller) != nil)
            // The next one starts without Vault, and finds it on disk.
            await controller.stop()
            site.bao.process.signal(SIGSTOP)
            let next = try await site.start(
                flags: ["--vault-startup-wait", "200ms", "--ready-without-certificates"],
                more: ["VAULT_CLIENT_TIMEOUT": "700ms"], after: controller)
            try await site.isStale("a.example.com", because: "no replacement can be read", next)
            #expect(try await site.shown("a.example.com", next) != nil)
            site.bao.process.signal(SIGCONT)
            let good = try await site.put("a.example.com")
            try await site.shows("a.example.com", good, next)
            await next.stop()
        }

        @Test("a host that comes back while Vault is unavailable has the certificate of an earlier generation")
        func back() async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let first = try await site.start()
            try site.ingress("a", hosts: ["b.example.com"])
            try await first.serves("b.example.com")
            site.bao.process.signal(SIGSTOP)
            try site.ingress("a", hosts: ["a.example.com", "b.example.com"])
            try await site.shows("a.example.com", certificate, first)
            // The same after a restart: the generation before the live one has it.
            try site.ingress("a", hosts: ["b.example.com"])
            try await eventually("a is gone") { try await site.shown("a.example.com", first) == nil }
            await first.kill()
            try site.ingress("a", hosts: ["a.example.com", "b.example.com"])
            let next = try await site.start(
                flags: ["--vault-startup-wait", "200ms", "--ready-without-certificates"],
                more: ["VAULT_CLIENT_TIMEOUT": "700ms"], after: first)
            try await site.shows("a.example.com", certificate, next)
            // Vault answers that it has none: that applies.
            site.bao.process.signal(SIGCONT)
            try await site.bao.call("DELETE", "secret/metadata/ssl/a.example.com")
            try await site.shows("a.example.com", nil, next)
            await next.stop()
        }
    }
}

extension SecureSite {
    func isStale(_ host: String, because text: String, _ controller: Controller) async throws {
        try await eventually("the certificate of \(host) is stale: \(text)", showing: [controller.process]) {
            let state = try await state(host, controller)
            guard state["state"].string == "stale", state["reason"].string?.contains(text) == true else {
                throw BedError("\(state)")
            }
            return true
        }
    }
}

extension CertificateAuthority.Pair {
    /// The fields of the secret in Vault.
    var fields: JSON {
        get throws {
            [
                "crt": .string(try String(contentsOf: certificate, encoding: .utf8)),
                "key": .string(try String(contentsOf: key, encoding: .utf8)),
            ]
        }
    }
}

extension Controller {
    /// The log lines with that text that name the host.
    func lines(_ text: String, about host: String) throws -> [Substring] {
        try String(contentsOf: process.log, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(text) && $0.contains(host) }
    }

    /// Waits for that many rounds of `--vault-refresh 1s`. Nothing happens in them that the test could wait for.
    func refreshes(_ count: Int) async throws { try await Task.sleep(for: .seconds(count)) }
}
