import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificates over TLS")
    struct ServingTests {
        @Test(
            "a host with ssl is served with its certificate, and with http2 over HTTP/2",
            arguments: [true, false])
        func served(withCurrentNginx: Bool) async throws {
            let site = try await SecureSite.make()
            let certificate = try await site.put("a.example.com")
            try await site.put("b.example.com")
            try site.ingress("a", hosts: ["a.example.com"], labels: ["ssl": "true", "http2": "true"])
            let controller = try await site.start(nginx: withCurrentNginx ? Tools.nginxCurrent : Tools.nginx)
            #expect(try await site.shown("a.example.com", controller) == certificate)
            let answer = try await controller.answer(controller.request(host: "a.example.com", trust: site.trust))
            #expect(answer.headers["x-forwarded-proto"] == "https")
            #expect(try controller.audit().count == 1, "the first configuration waits for its certificates")

            try site.ingress("b", hosts: ["b.example.com"])
            try await eventually("b is served over TLS") { try await site.shown("b.example.com", controller) != nil }
            for (host, isExpected) in [("a.example.com", true), ("b.example.com", !withCurrentNginx)] {
                let output = try await ServerProcess.run(
                    .init(
                        try Tools.openssl,
                        [
                            "s_client", "-connect", "127.0.0.1:\(controller.httpsPort)", "-servername", host,
                            "-alpn", "h2,http/1.1",
                        ]), folder: site.site.folder)
                // Before nginx 1.25.1, HTTP/2 is a property of the listener, which all hosts share.
                #expect(output.contains("ALPN protocol: h2") == isExpected, "\(host)")
            }
            #expect(await controller.stop() == .exited(0))
        }

        @Test(
            "a rotated certificate is served within two refreshes without a failed request; a deleted one stays",
            arguments: ["static", "dynamic"])
        func rotation(loading: String) async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(flags: ["--certificate-loading", loading])
            let request = controller.request(host: "a.example.com", trust: try site.trust)
            for isReusing in [true, false] {
                let load = try await Load.during(request, tasks: 2, isReusing: isReusing) {
                    let next = try await site.put("a.example.com")
                    try await eventually("the new certificate is shown", within: .seconds(2)) {
                        try await site.shown("a.example.com", controller) == next
                    }
                }.load
                #expect(load.failures.isEmpty)
                #expect(load.requests > 10)
            }
            let last = try await site.shown("a.example.com", controller)
            try await site.bao.call("DELETE", "secret/data/ssl/a.example.com")
            try await site.isInState("a.example.com", "stale", controller)
            #expect(try await site.shown("a.example.com", controller) == last)
            let (cause, certificate) = try await controller.replaced("a.example.com", by: 2, loading)
            #expect(cause["change"].string == "modified")
            #expect(certificate["source"].string == "vault:secret/ssl/a.example.com")
            await controller.stop()
        }

        @Test("the record of the reload that begins TLS for a host names the host as changed")
        func beginOfTLS() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"], labels: [:])
            let controller = try await site.start()
            try site.ingress("a", hosts: ["a.example.com"])
            let line = try await controller.audited("the certificate") { $0["certificates"][0]["host"].string != nil }
            #expect(line["hosts"]["changed"] == ["a.example.com"])
            await controller.stop()
        }

        @Test("a secret that is deleted with its metadata and created again is served, although its version is 1 again")
        func recreation() async throws {
            let site = try await SecureSite.make()
            let first = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            try await site.shows("a.example.com", first, controller)
            try await site.bao.call("DELETE", "secret/metadata/ssl/a.example.com")
            let second = try await site.put("a.example.com")
            try await site.shows("a.example.com", second, controller)
            // Also with a refresh between the deletion and the creation.
            try await site.bao.call("DELETE", "secret/metadata/ssl/a.example.com")
            try await site.isInState("a.example.com", "stale", controller)
            let third = try await site.put("a.example.com")
            try await site.shows("a.example.com", third, controller)
            try await site.isInState("a.example.com", "ready", controller)
            await controller.stop()
        }

        @Test("many certificates cause one reload at startup, and few reloads later")
        func many() async throws {
            let site = try await SecureSite.make()
            let pair = try await site.authority.issue("test", names: ["DNS:*.example.com"])
            let fields: JSON = [
                "crt": .string(try String(contentsOf: pair.certificate, encoding: .utf8)),
                "key": .string(try String(contentsOf: pair.key, encoding: .utf8)),
            ]
            let hosts = (0..<100).map { "h\($0).example.com" }
            for host in hosts { try await site.put(path: "ssl/\(host)", fields) }
            try site.ingress("first", hosts: Array(hosts[..<50]))
            let controller = try await site.start()
            #expect(try controller.audit().map { $0["certificateCount"].int } == [50])
            try site.ingress("second", hosts: Array(hosts[50...]))
            try await eventually("all are shown") { try await site.shown("h99.example.com", controller) != nil }
            try await eventually("all are ready") {
                let states = try JSON(parsing: try await controller.admin("/status").body)["certificates"].array
                return states.count == 100 && states.allSatisfy { $0["state"].string == "ready" }
            }
            // The first generation, and the new hosts with their certificates; up to two more if reading them takes over a second.
            #expect((2...4).contains(try controller.audit().count))
            await controller.stop()
        }
    }
}
