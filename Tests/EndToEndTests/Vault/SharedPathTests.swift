import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Paths of certificates")
    struct SharedPathTests {
        @Test("hosts of several Ingresses share a certificate below --vault-path-prefix; others keep their own path")
        func shared() async throws {
            let site = try await SecureSite.make()
            let team = "secret/data/teams/\(site.site.namespace)"
            let shared = try await site.put(
                "san", names: ["a.example.com", "b.example.com"], path: "teams/\(site.site.namespace)/san")
            let own = try await site.put("c.example.com")
            let named = ["vault-ingress.io/vault-path": "\(team)/san"]
            try site.ingress("a", hosts: ["a.example.com"], annotations: named)
            try site.ingress("b", hosts: ["b.example.com", "d.example.com"], annotations: named)
            try site.ingress(
                "c", hosts: ["c.example.com"], annotations: ["vault-ingress.io/vault-path": "secret/teams/other/san"])
            let controller = try await site.start(flags: ["--vault-path-prefix", "secret/teams/{namespace}"])
            for host in ["a.example.com", "b.example.com"] { try await site.shows(host, shared, controller) }
            try await site.shows("c.example.com", own, controller)
            let reason = try await site.state("d.example.com", controller)["reason"].string
            #expect(reason?.contains("does not cover d.example.com") == true)
            let rejections = try JSON(parsing: try await controller.admin("/status").body)["rejections"].array
            #expect(rejections.map { $0["value"].string } == ["secret/teams/other/san"])
            let next = try await site.put(
                "san", names: ["a.example.com", "b.example.com"], path: "teams/\(site.site.namespace)/san")
            for host in ["a.example.com", "b.example.com"] { try await site.shows(host, next, controller) }
            await controller.stop()
        }

        @Test(
            "the path may have data/ or metadata/ of KV 2, and slashes at its ends",
            arguments: ["secret/data/ssl/{host}", "secret/metadata/ssl/{host}", "/secret/ssl/{host}/"])
        func folders(path: String) async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(flags: ["--vault-path", path])
            try await site.shows("a.example.com", certificate, controller)
            let next = try await site.put("a.example.com")
            try await site.shows("a.example.com", next, controller)
            await controller.stop()
        }

        @Test("a wildcard certificate serves its hosts; a certificate of the host's own takes its place")
        func wildcard() async throws {
            let site = try await SecureSite.make()
            let wildcard = try await site.put("*.example.com")
            let hosts = (0..<5).map { "h\($0).example.com" }
            try site.ingress("a", hosts: hosts)
            let controller = try await site.start()
            for host in hosts { try await site.shows(host, wildcard, controller) }
            let own = try await site.put(hosts[3])
            try await site.shows(hosts[3], own, controller)
            #expect(try await site.shown(hosts[2], controller) == wildcard)
            try await site.bao.call("DELETE", "secret/metadata/ssl/\(hosts[3])")
            try await site.shows(hosts[3], wildcard, controller)
            let status = try JSON(parsing: try await controller.admin("/status").body)
            #expect(status["secretRefreshSeconds"].double == 1)
            await controller.stop()
        }
    }
}
