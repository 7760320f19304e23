import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Handshakes")
    struct HandshakeTests {
        @Test(
            "a rejected handshake gets the alert unrecognized_name, in both TLS versions and with both nginx versions",
            arguments: [true, false])
        func rejections(withCurrentNginx: Bool) async throws {
            let site = try await SecureSite.make()
            let wild = try await site.put("*.wild.example.com")
            try site.ingress("wild", hosts: ["*.wild.example.com", "none.example.com"])
            try site.ingress("plain", hosts: ["plain.wild.example.com"], labels: [:])
            let controller = try await site.start(nginx: withCurrentNginx ? Tools.nginxCurrent : Tools.nginx)
            for version in ["tls1_2", "tls1_3"] {
                func handshake(_ name: String?) async throws -> TLSHandshake {
                    try await TLSHandshake.with(
                        port: controller.httpsPort, name: name, version: version, folder: site.site.folder)
                }
                for name in [
                    "none.example.com", "NONE.example.com", "plain.wild.example.com", "Plain.Wild.example.com",
                    "a.b.wild.example.com", "wild.example.com", "example.com", "unknown.example.net", "127.0.0.1",
                    "xn--wild-.example.com", "*.example.com", "-", nil,
                ] {
                    #expect(
                        try await handshake(name) == .rejected(alert: "unrecognized name"),
                        "\(name ?? "no name"), \(version)")
                }
                for name in ["x.wild.example.com", "X.Wild.Example.Com", "127.wild.example.com"] {
                    guard case .shown(wild, _) = try await handshake(name) else {
                        Issue.record("\(name) does not get the wildcard certificate, \(version)")
                        continue
                    }
                }
            }
            for version in ["tls1", "tls1_1"] {
                let old = try await TLSHandshake.with(
                    port: controller.httpsPort, name: "x.wild.example.com", version: version, folder: site.site.folder)
                #expect(old == .rejected(alert: "protocol version"))
            }
            await controller.stop()
        }

        @Test("the catch-all presents no certificate of another host, whatever its labels")
        func catchAll() async throws {
            let site = try await SecureSite.make()
            let own = try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            try site.ingress("all", hosts: [""], labels: ["ssl": "true", "http2": "true"])
            let controller = try await site.start()
            #expect(try await site.shown("a.example.com", controller) == own)
            for name in ["b.example.com", "127.0.0.1", nil] {
                #expect(try await site.shown(name, controller) == nil, "\(name ?? "no name")")
            }
            #expect(try await controller.send(controller.request(host: "b.example.com")).status == 200)
            await controller.stop()
        }

        @Test("only a catch-all with the label ssl is served with the default certificate")
        func catchAllWithDefault() async throws {
            let site = try await SecureSite.make()
            let fallback = try await site.put("fallback.example.com", path: "ssl/default")
            try site.ingress("all", hosts: [""])
            try site.ingress("plain", hosts: ["plain.example.com"], labels: [:])
            try site.ingress("none", hosts: ["none.example.com"])
            let controller = try await site.start(flags: ["--default-certificate", "secret/ssl/default"])
            #expect(try await site.shown("unknown.example.net", controller) == fallback)
            #expect(try await site.shown("plain.example.com", controller) == nil)
            #expect(try await site.shown("none.example.com", controller) == nil)
            var request = controller.request(host: "unknown.example.net", trust: .anything)
            request.tls.serverName = "fallback.example.com"
            #expect(try await controller.send(request).status == 200)
            await controller.stop()
        }

        @Test("a Host header other than the SNI reaches no host that rejects TLS")
        func otherName() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com", "none.example.com"])
            let controller = try await site.start()
            var request = controller.request(host: "a.example.com", trust: try site.trust)
            #expect(try await controller.send(request).status == 200)
            for host in ["none.example.com", "unknown.example.net"] {
                request.headers["Host"] = host
                #expect(try await controller.send(request).status == 421, "\(host)")
            }
            await controller.stop()
        }
    }
}
