import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificate selection")
    struct NameTests {
        @Test("no name gets the certificate of another host, and hosts without a certificate are served over http")
        func names() async throws {
            let site = try await SecureSite.make()
            let wild = try await site.put("*.wild.example.com")
            let own = try await site.put("own.wild.example.com")
            try site.ingress("wild", hosts: ["*.wild.example.com", "own.wild.example.com", "none.example.com"])
            try site.ingress("plain", hosts: ["plain.wild.example.com", "plain.example.com"], labels: [:])
            let controller = try await site.start()
            let expected: [(String?, String?)] = [
                ("x.wild.example.com", wild), ("X.WILD.example.com", wild), ("own.wild.example.com", own),
                ("plain.wild.example.com", nil), ("plain.example.com", nil), ("none.example.com", nil),
                ("a.b.wild.example.com", nil), ("wild.example.com", nil), ("unknown.example.net", nil),
                ("localhost", nil), (nil, nil),
            ]
            for (name, certificate) in expected {
                #expect(try await site.shown(name, controller) == certificate, "\(name ?? "no name")")
            }
            for host in ["none.example.com", "plain.wild.example.com"] {
                #expect(try await controller.send(controller.request(host: host)).status == 200)
            }
            try await site.isInState("none.example.com", "rejected", controller)
            await controller.stop()
        }

        @Test("the default certificate is only for unclaimed names")
        func defaultCertificate() async throws {
            let site = try await SecureSite.make()
            let fallback = try await site.put("fallback.example.com", path: "ssl/default")
            try site.ingress("a", hosts: ["none.example.com"])
            let controller = try await site.start(flags: ["--default-certificate", "secret/ssl/default"])
            #expect(try await site.shown("unknown.example.net", controller) == fallback)
            #expect(try await site.shown(nil, controller) == fallback)
            #expect(try await site.shown("none.example.com", controller) == nil)
            let page = try await controller.send(
                controller.request(
                    host: "fallback.example.com", headers: ["Accept": "text/html"], trust: site.trust))
            #expect(page.status == 404 && page.text.contains("<h1>404 Not Found</h1>"))
            await controller.stop()
        }

        @Test("the wildcard of the parent domain replaces a missing certificate")
        func wildcard() async throws {
            let site = try await SecureSite.make()
            let wild = try await site.put("*.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            #expect(try await site.shown("a.example.com", controller) == wild)
            #expect(
                try await site.state("a.example.com", controller)["source"].string == "vault:secret/ssl/*.example.com")
            await controller.stop()
        }

        @Test("a path with {namespace} gives a team only its own certificates")
        func namespaces() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com", path: "teams/others/a.example.com")
            let own = try await site.put("b.example.com", path: "teams/\(site.site.namespace)/b.example.com")
            try site.ingress("a", hosts: ["a.example.com", "b.example.com"])
            let controller = try await site.start(flags: ["--vault-path", "secret/teams/{namespace}/{host}"])
            #expect(try await site.shown("a.example.com", controller) == nil)
            #expect(try await site.shown("b.example.com", controller) == own)
            await controller.stop()
        }

        @Test("httpsOnly serves nothing over http, with a certificate or without", arguments: [true, false])
        func httpsOnly(hasCertificate: Bool) async throws {
            let site = try await SecureSite.make()
            if hasCertificate { try await site.put("a.example.com") }
            try site.ingress("a", hosts: ["a.example.com"], labels: ["ssl": "true", "httpsOnly": "true"])
            let controller = try await site.start()
            for path in ["/", "/deep/path?x=1", "//", "/a/%2e%2e/b"] {
                let response = try await controller.send(controller.request(host: "a.example.com", path: path))
                #expect(response.status == 301)
                #expect(response.headers["Location"] == "https://a.example.com:\(controller.httpsPort)\(path)")
            }
            let post = try await controller.send(controller.request(host: "A.example.com", method: "POST", body: [1]))
            #expect(post.status == 301)
            if hasCertificate {
                let answer = try await controller.answer(
                    controller.request(host: "a.example.com", path: "/in", trust: site.trust))
                #expect(answer.uri == "/in")
            } else {
                #expect(try await site.shown("a.example.com", controller) == nil)
            }
            await controller.stop()
        }
    }
}
